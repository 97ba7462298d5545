import type { texts as en } from './texts.en.ts';

const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const texts: typeof en = {
  title: 'Sperren',
  counted: (count, all) =>
    count === all ? plural(all, 'Sperre', 'Sperren') : `${count} von ${plural(all, 'Sperre', 'Sperren')}`,
  search: 'Suche',
  searchHint: 'Entität, Inhaber',
  holder: 'Inhaber',
  whose: { all: 'Alle', mine: 'Sie', others: 'Andere' },
  entity: 'Entität',
  collections: 'Bereiche',
  everything: 'alles',
  acquired: 'Gesperrt seit',
  left: 'Restzeit',
  you: 'Sie',
  extend: (minutes) => `Auf ${minutes} min verlängern`,
  extendOf: (id) => `Sperre von ${id} verlängern`,
  release: 'Freigeben',
  releaseOf: (id) => `Sperre von ${id} freigeben`,
  end: 'Freigeben…',
  endNow: 'Freigeben',
  endEffect: (holder) =>
    `${holder} verliert die Sperre sofort, auch während einer Änderung. Danach kann jeder Client die Entität ändern.`,
  takeOver: 'Übernehmen…',
  takeOverOf: (id) => `Sperre von ${id} übernehmen`,
  unbreakable: 'Sie kann nicht übernommen werden: Die Konfiguration verbietet es',
  none: 'Nichts ist gesperrt',
  noneHelp:
    'Eine Sperre reserviert eine Entität für einen Client, während er etwas ändert. Öffnen Sie eine Entität und ihren Reiter Sperren, oder nutzen Sie die API:',
  noneMatches: 'Keine Sperre passt zu diesen Filtern.',
  off: 'Sperren sind ausgeschaltet',
  offHelp: 'Setzen Sie dies in der Konfiguration, und starten Sie das Gateway neu:',
};
