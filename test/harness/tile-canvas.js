// Injected into an empty page: scales pictures, and joins and divides contact sheets. Pixels are RGBA in base64.
const LABEL = { font: '11px sans-serif', color: '#e6ecf0', paper: '#3a4650' };

const decoded = async (base64) => createImageBitmap(new Blob([Uint8Array.fromBase64(base64)]));
const canvasOf = (width, height) => new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });

globalThis.tileCanvas = {
  /** Returns the pixels of a picture, scaled to a size. */
  async scaled(picture, { width, height }) {
    const canvas = canvasOf(width, height);
    canvas.imageSmoothingQuality = 'high';
    canvas.drawImage(await decoded(picture), 0, 0, width, height);
    return new Uint8Array(canvas.getImageData(0, 0, width, height).data.buffer).toBase64();
  },

  /** Returns a sheet in WebP with these tiles and their names. */
  async joined(tiles, { width, height, tile, places }, quality) {
    const canvas = canvasOf(width, height);
    canvas.fillStyle = LABEL.paper;
    canvas.fillRect(0, 0, width, height);
    canvas.fillStyle = LABEL.color;
    canvas.font = LABEL.font;
    for (const [at, { name, pixels }] of tiles.entries()) {
      const { x, y } = places[at];
      const data = new Uint8ClampedArray(Uint8Array.fromBase64(pixels));
      canvas.putImageData(new ImageData(data, tile.width, tile.height), x, y);
      canvas.fillText(name, x, y + tile.height + 11, tile.width);
    }
    const blob = await canvas.canvas.convertToBlob({ type: 'image/webp', quality });
    return new Uint8Array(await blob.arrayBuffer()).toBase64();
  },

  /** Returns the pixels of each tile of a sheet; `undefined` if the sheet has another size. */
  async divided(sheet, { width, height, tile, places }) {
    const bitmap = await decoded(sheet);
    if (bitmap.width !== width || bitmap.height !== height) return undefined;
    const canvas = canvasOf(width, height);
    canvas.drawImage(bitmap, 0, 0);
    return places.map(({ x, y }) =>
      new Uint8Array(canvas.getImageData(x, y, tile.width, tile.height).data.buffer).toBase64(),
    );
  },
};
