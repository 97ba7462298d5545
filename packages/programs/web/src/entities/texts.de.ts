import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  label: {
    'sensor_msgs/msg/LaserScan': 'Der Laserscan von oben; der Roboter in der Mitte zeigt nach oben',
    'nav_msgs/msg/OccupancyGrid': 'Die Karte von oben; dunkle Zellen sind belegt',
  },
  notDrawn: 'Dieser Wert lässt sich nicht zeichnen. Seine Felder stehen darunter.',
};
