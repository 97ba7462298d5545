import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  split: 'Fehler abtrennen',
  splitEffect:
    'Die gewählten Fehler kommen in einen neuen Vorfall. Das Gateway führt die beiden nicht wieder zusammen. Die Notizen bleiben hier.',
  splitAction: (count) => (count === 0 ? 'Verschieben' : `${count} in einen neuen Vorfall verschieben`),
  splitAll: 'Mindestens ein Fehler bleibt in diesem Vorfall.',
};
