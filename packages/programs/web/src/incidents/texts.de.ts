import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  split: 'Fehler abtrennen',
  splitEffect:
    'Die gewählten Fehler kommen in einen neuen Vorfall. Das Gateway führt die beiden nicht wieder zusammen. Die Notizen bleiben hier.',
  splitAction: (count) => (count === 0 ? 'Verschieben' : `${count} in einen neuen Vorfall verschieben`),
  outbreak: 'Roboter',
  campaign: (robots, campaign) => `${robots} dieser Roboter änderte in den 24 h davor die Kampagne ${campaign}:`,
  changed: (robots, version) => `${robots} dieser Roboter wechselten in den 24 h davor zu ${version}:`,
  active: 'aktiv',
  incident: 'Vorfall',
  version: 'Version',
  site: 'Standort',
  affected: 'Betroffen',
  others: 'Andere Roboter',
  moreRobots: (count) => `und ${count} weitere Roboter`,
  uncounted: (count) => `${count} Fälle sind nicht gezählt, weil ihr Zeitpunkt zu ungenau ist.`,
  splitAll: 'Mindestens ein Fehler bleibt in diesem Vorfall.',
};
