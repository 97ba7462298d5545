import type { texts as en } from './texts.en.ts';

export const texts = {
  name: 'Gateway',
  address: 'Adresse',
  state: 'Zustand',
  roundTrip: 'Antwortzeit',
  clock: 'Uhr',
  seen: 'Zuletzt gesehen',
  entities: 'Entitäten',
  problem: 'Problem',
  found: 'im Netz gefunden',
  ahead: (span, uncertainty) => `${span} voraus ±${uncertainty}`,
  behind: (span, uncertainty) => `${span} zurück ±${uncertainty}`,
  approve: 'Freigeben…',
  approveTitle: (name) => `${name} freigeben`,
  approveNow: 'Freigeben',
  approveEffect: (url) =>
    `Seine Entitäten werden hier angezeigt, solange es sich unter ${url} meldet. Enthält die Konfiguration ein Token dafür, wird es an diese Adresse gesendet.`,
  forget: 'Widerrufen…',
  forgetTitle: (name) => `Freigabe von ${name} widerrufen`,
  forgetNow: 'Widerrufen',
  forgetEffect:
    'Seine Entitäten werden hier nicht mehr angezeigt. Meldet es sich weiter, wartet es erneut auf Freigabe.',
  none: 'Keine anderen Gateways.',
  whatFor:
    'Ein Gateway kann auch die Entitäten, Fehler und Vorfälle anderer Gateways anzeigen: eines zweiten Rechners auf dem Roboter, einer Sicherheitssteuerung oder einer ganzen Flotte.',
  howTo: 'Tragen Sie sie in die Konfiguration ein, oder schalten Sie die Suche im Netz ein:',
  announced: (name, service) => `Dieses Gateway meldet sich als ${name} (${service}).`,
  dropped: 'Abgelehnte Ankündigungen',
} satisfies typeof en;
