import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  title: 'SPS-Alarme',
  about:
    'Aktive Fehler der Apps, die Alarme quittieren und bestätigen können. Ein Alarm endet, wenn seine Ursache behoben ist und er quittiert und bestätigt wurde.',
  unknown: 'Das SPS-Plugin meldet nicht, ob ein Alarm bereits quittiert oder bestätigt ist.',
  none: 'Keine aktiven Alarme',
  noneHelp: 'Alarme einer SPS erscheinen hier, wenn das Plugin opcua mit ihr verbunden ist.',
  cut: (count) => `Nur die Fehler der ersten ${count} Apps mit Fehlern wurden geprüft.`,
  more: (count) => `${count} weitere Alarme stehen in der Liste der Fehler.`,
  since: 'Seit',
  app: 'App',
  acknowledge: 'Quittieren…',
  confirm: 'Bestätigen…',
  acknowledgeNow: 'Alarm quittieren',
  confirmNow: 'Alarm bestätigen',
  acknowledgeOf: (code, app) => `${code} von ${app} quittieren`,
  confirmOf: (code, app) => `${code} von ${app} bestätigen`,
  acknowledgeEffect: 'Die SPS hält fest, dass ein Bediener den Alarm gesehen hat.',
  confirmEffect: 'Die SPS hält fest, dass ein Bediener die Ursache des Alarms behandelt hat.',
  comment: 'Kommentar (optional)',
  acknowledged: 'Quittierung gesendet',
  confirmed: 'Bestätigung gesendet',
};
