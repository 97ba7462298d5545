/** Calls the listener before and after printing, and switches to the light colours for the print. */
export function onPrint(listener: (isPaper: boolean) => void): () => void {
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
