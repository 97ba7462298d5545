/** Hears that the page is about to be printed, with the colours of paper, and that it has been. */
export function onPaper(listener: (isPaper: boolean) => void): () => void {
  const { style } = document.documentElement;
  const begin = (): void => {
    style.colorScheme = 'light';
    listener(true);
  };
  const end = (): void => {
    style.colorScheme = '';
    listener(false);
  };
  addEventListener('beforeprint', begin);
  addEventListener('afterprint', end);
  return () => {
    removeEventListener('beforeprint', begin);
    removeEventListener('afterprint', end);
  };
}
