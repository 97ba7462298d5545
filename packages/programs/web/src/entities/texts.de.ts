import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  label: {
    'sensor_msgs/msg/LaserScan': 'Der Laserscan von oben; der Roboter in der Mitte zeigt nach oben',
    'nav_msgs/msg/OccupancyGrid': 'Die Karte von oben; dunkle Zellen sind belegt',
  },
  notDrawn: 'Dieser Wert lässt sich nicht zeichnen. Seine Felder stehen darunter.',
  image: (item, width, height) => `Neuestes Bild von ${item}, ${width} × ${height} Pixel`,
  noImage: (item) => `Noch kein Bild von ${item}`,
  imageSize: (width, height) => `${width} × ${height} Pixel`,
  waitForImage: 'Warten auf ein Bild',
  pauseImage: 'Anhalten',
  resumeImage: 'Fortsetzen',
  logSettings: 'Liste für alle Clients',
  logSettingsHelp:
    'Was das Gateway Clients auflistet, die nichts wählen, bis es neu startet. Die gespeicherten Einträge ändern sich nicht.',
  logMinimum: 'Mindestschwere',
  logMaximum: 'Höchstzahl der Einträge',
  saveLogSettings: 'Listeneinstellungen speichern',
};
