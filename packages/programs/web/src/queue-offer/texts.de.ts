import { plural } from '../texts/plural.ts';
import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  away: (robot, since) => (since === undefined ? `${robot} ist getrennt.` : `${robot} ist getrennt seit ${since}.`),
  ask: 'Ausführen, wenn er zurück ist?',
  within: 'Wenn er zurück ist innerhalb von',
  hours: { 1: '1 Stunde', 8: '8 Stunden', 24: '1 Tag', 168: '7 Tagen', 720: '30 Tagen' },
  ends: (time) => `Die Anfrage endet um ${time}. Beim Senden prüft der Hub Ihre Rechte erneut.`,
  now: 'Ausführen, wenn er zurück ist',
  done: (count) => `${plural(count, 'Anfrage wartet', 'Anfragen warten')} auf den Roboter.`,
  show: 'Warteschlange zeigen',
};
