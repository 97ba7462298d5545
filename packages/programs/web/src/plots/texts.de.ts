import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  pause: 'Anhalten',
  goOn: 'Live fortsetzen',
  last: 'letzte',
  copyLink: 'Adresse kopieren',
  addSeries: 'Reihe hinzufügen',
  example: 'Name, zum Beispiel min range',
  offered: 'Passende Daten',
  nothingFound: 'Keine passenden Daten.',
  fields: (name) => `Numerische Felder von ${name}`,
  noNumbers: 'Keine numerischen Felder.',
  threshold: 'Grenzwert',
  add: 'Hinzufügen',
  remove: (name) => `${name} entfernen`,
  omitted: (count) =>
    `${count} weitere Reihen dieses Links werden nicht gezeichnet. Entfernen Sie eine Reihe, um Platz zu schaffen.`,
  full: (count) => `Höchstens ${count} Reihen sind möglich.`,
  empty:
    'Noch keine Reihen. Geben Sie oben einen Teil eines Namens ein: Jeder Zahlenwert jedes Knotens lässt sich darstellen, ohne den Roboter zu beeinflussen.',
  past: (from, to) => `Von ${from} bis ${to}, soweit im Gateway gespeichert.`,
  series: 'Reihe',
  newest: 'Neuester Wert',
  age: 'Alter',
  rate: 'Rate',
  rateHelp: 'Aktualisierungen vom Gateway, höchstens fünf pro Sekunde',
  samples: 'Messwerte',
  notANumber: 'Dieser Wert ist keine einzelne Zahl: Fügen Sie die Reihe neu hinzu und wählen Sie ein Feld.',
  noHistory: 'Keine Werte aus der Zeit vor dem Öffnen dieser Seite',
  keyProblems: {
    form: 'Ungültige Reihe: Das Format ist apps/<id>/data/<item>:/<field>.',
    entity: 'Ungültige Kennung der Entität: nur Buchstaben, Ziffern, _ und -, höchstens 256 Zeichen.',
    encoding: 'Ungültige Prozentkodierung.',
    pointer: 'Das Feld nach dem Doppelpunkt ist kein JSON Pointer: Auf ~ muss 0 oder 1 folgen.',
    length: 'Diese Reihe ist zu lang.',
  },
};
