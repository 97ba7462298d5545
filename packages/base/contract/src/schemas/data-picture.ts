/** Bounds of the width of a picture in pixels, and the headers that describe its image. */
export const DATA_PICTURE = {
  width: { min: 16, usual: 640, max: 640 },
  headers: {
    timestamp: 'X-Medkit-Timestamp',
    width: 'X-Medkit-Width',
    height: 'X-Medkit-Height',
    encoding: 'X-Medkit-Encoding',
  },
} as const;
