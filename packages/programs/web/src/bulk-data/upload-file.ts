import { type EntityRef, GatewayRefused, GatewayUnreachable, NotAGateway, resourceUri } from '@medkit/client';
import type { GenericError } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { clientName, token } from '../gateway/session.ts';
import { BASE_PATH } from '../routes/base-path.ts';

export interface Upload {
  readonly entity: EntityRef<'app' | 'component'>;
  readonly category: string;
  readonly file: File;
  readonly description: string;
}

interface UploadOptions {
  /** Called with the share of the file that was sent, 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Uploads a file. Uses `XMLHttpRequest`, because `fetch` does not report the progress of a request body. Throws the same
 * errors as the client.
 */
export function uploadFile(upload: Upload, { onProgress, signal }: UploadOptions): Promise<void> {
  const { entity, category, file, description } = upload;
  const url = `${BASE_PATH}${resourceUri(entity, `bulk-data/${encodeURIComponent(category)}`)}`;
  const sent = { method: 'POST', url };
  const form = new FormData();
  // Fields before the file: the gateway reads the parts in order.
  if (description !== '') form.set('description', description);
  form.set('file', file);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusalOf(sent, request.status, request.responseText));
    };
    request.onerror = () => reject(new GatewayUnreachable(sent, undefined));
    request.onabort = () => reject(new DOMException('The upload was cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-Client-Id', clientName());
    if (token() !== '') request.setRequestHeader('Authorization', `Bearer ${token()}`);
    request.send(form);
  });
}

function refusalOf(sent: { readonly method: string; readonly url: string }, status: number, text: string): Error {
  try {
    return new GatewayRefused(sent, status, parseJson(text) as GenericError, text);
  } catch {
    return new NotAGateway(sent, status, 'an error that is not in the SOVD format');
  }
}
