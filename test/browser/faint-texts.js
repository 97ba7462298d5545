// Injected into a page: finds texts whose WCAG 2.2 contrast to their background is below `least`.
globalThis.faintTexts = (least) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /** Returns red, green, blue and opacity of a colour in any notation. */
  const channelsOf = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [red, green, blue] = channelsOf(color).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const colorBehind = (element) => {
    if (element === null) return 'white';
    const { backgroundColor } = getComputedStyle(element);
    return channelsOf(backgroundColor)[3] === 0 ? colorBehind(element.parentElement) : backgroundColor;
  };
  const hasWords = ({ childNodes }) =>
    [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim() !== '');

  return [...document.querySelectorAll('body *')]
    .filter((element) => hasWords(element) && element.checkVisibility({ opacityProperty: true }))
    .map((element) => {
      const sides = [luminance(getComputedStyle(element).color), luminance(colorBehind(element))];
      return { element, contrast: (Math.max(...sides) + 0.05) / (Math.min(...sides) + 0.05) };
    })
    .filter(({ contrast }) => contrast < least)
    .map(({ element, contrast }) => `${element.outerHTML.slice(0, 80)}: ${contrast.toFixed(2)}`);
};
