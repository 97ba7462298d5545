import { plural } from '../../texts/plural.ts';
import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  names: {
    'x-medkit-beacon': 'Beacon',
    'x-medkit-param-beacon': 'Beacon aus Parametern',
    'x-medkit-topic-beacon': 'Beacon aus einem Topic',
    'x-medkit-procfs': 'Prozess',
    'x-medkit-systemd': 'systemd-Unit',
    'x-medkit-container': 'Container',
    'x-medkit-graph': 'Pipeline-Graph',
    'x-medkit-vda5050': 'Flottenleitstand',
    'x-plc-data': 'SPS-Werte',
    'x-plc-operations': 'Schreibzugriffe auf die SPS',
    'x-plc-status': 'SPS-Verbindung',
  },
  pages: { 'graph.entity': 'Graph öffnen', 'entity.data': 'Daten öffnen', 'entity.operations': 'Operationen öffnen' },
  onPage: 'Eine andere Seite zeigt diese Ressource.',
  none: 'Kein Plugin veröffentlicht Befunde zu dieser Entität.',
  noValues: 'Diese Ressource ist leer.',
  unread: 'Die Seite liest diese Ressource, sobald sie sichtbar wird.',
  read: 'Gelesen',
  refresh: 'Aktualisieren',
  refreshName: (name) => `${name} aktualisieren`,
  empty: 'leer',
  json: 'JSON',
  moreRows: (count) => `${plural(count, 'weitere Zeile fehlt', 'weitere Zeilen fehlen')} hier.`,
  moreColumns: (count) => `${plural(count, 'weitere Spalte fehlt', 'weitere Spalten fehlen')} hier.`,
  moreSections: (count) => `${plural(count, 'weiterer Teil fehlt', 'weitere Teile fehlen')} hier.`,
  moreResources: (names, count) =>
    `${plural(count, 'weitere Ressource fehlt', 'weitere Ressourcen fehlen')} hier: ${names}`,
  moreText: (count) => `${plural(count, 'weiteres Zeichen fehlt', 'weitere Zeichen fehlen')} hier.`,
};
