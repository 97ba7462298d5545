import type { Send } from '@medkit/client';

/**
 * Wraps `send` so that the body of an event stream fails after `silentMs` without data. Otherwise a silently lost
 * network, or a paused gateway, would leave the stream open forever.
 */
export function withSilenceTimeout(send: Send, silentMs: number): Send {
  return async (url, init) => {
    const reply = await send(url, init);
    const { ok, status, headers, body } = reply;
    if (body === null || !headers.get('content-type')?.startsWith('text/event-stream')) return reply;
    return { ok, status, headers, body: watchedBody(body, silentMs) };
  };
}

function watchedBody(body: ReadableStream<Uint8Array<ArrayBuffer>>, silentMs: number) {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout>;
  const listen = (controller: ReadableStreamDefaultController): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const silence = new DOMException(`nothing came for ${silentMs} ms`, 'TimeoutError');
      controller.error(silence);
      reader.cancel(silence).catch((error: unknown) => console.info('a silent stream broke', error));
    }, silentMs);
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: listen,
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          clearTimeout(timer);
          controller.close();
        } else {
          listen(controller);
          controller.enqueue(value);
        }
      } catch (error) {
        clearTimeout(timer);
        controller.error(error);
      }
    },
    cancel(reason) {
      clearTimeout(timer);
      return reader.cancel(reason);
    },
  });
}
