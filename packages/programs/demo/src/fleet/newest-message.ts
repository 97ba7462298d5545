/**
 * Sends one message after the other, and never an older one: what is to be told while one is under way is told once that is
 * done, as it is then. `send` makes the message and sends it; where that fails, the next one tells the same.
 */
export function newestMessage(send: () => Promise<void>): () => void {
  let isUnderWay = false;
  let isDue = false;
  const tell = (): void => {
    isDue = true;
    if (isUnderWay) return;
    isUnderWay = true;
    isDue = false;
    const done = () => {
      isUnderWay = false;
      if (isDue) tell();
    };
    send().then(done, done);
  };
  return tell;
}
