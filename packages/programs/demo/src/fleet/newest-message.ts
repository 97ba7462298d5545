/**
 * Sends one message at a time, always the newest: requests during a transmission cause one more message afterwards. `send`
 * creates and sends the message; a failed message is not repeated, because the next one contains the same information.
 */
export function newestMessage(send: () => Promise<void>): () => void {
  let isUnderWay = false;
  let isDue = false;
  const sendNewest = (): void => {
    isDue = true;
    if (isUnderWay) return;
    isUnderWay = true;
    isDue = false;
    const done = () => {
      isUnderWay = false;
      if (isDue) sendNewest();
    };
    send().then(done, done);
  };
  return sendNewest;
}
