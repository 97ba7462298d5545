import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  title: 'SPS-Alarme',
  about:
    'Alarme, die SPSen melden. Ein Alarm endet, wenn seine Ursache behoben ist und er quittiert und, falls die SPS es verlangt, bestätigt wurde.',
  none: 'Keine aktiven Alarme',
  noneHelp: 'Die verbundenen SPSen melden keinen Alarm, der aktiv ist oder einen Bediener braucht.',
  noPlc: 'Alarme einer SPS erscheinen hier, wenn das Plugin opcua mit ihr verbunden ist.',
  disconnected: (apps) => `Die SPS antwortet nicht; dies sind ihre letzten Meldungen: ${apps}`,
  cut: (count) => `Nur die Alarme der ersten ${count} Apps von SPSen sind aufgeführt.`,
  more: (count) => `${count} weitere Alarme stehen in der Liste der Fehler.`,
  since: 'Seit',
  app: 'App',
};
