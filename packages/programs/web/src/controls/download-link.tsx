import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { clientName, token } from '../gateway/session.ts';
import { BASE_PATH } from '../routes/base-path.ts';
import { isFileHref } from '../routes/file-address.ts';

/**
 * Maximum size of a file that the page fetches as a whole before saving. Larger files need a session without token, or
 * the command line.
 */
const MAX_FETCHED_BYTES = 512 * 1024 * 1024;

interface DownloadLinkProps {
  /** A path of this API; any other address is shown as text. */
  readonly href: string;
  /** File name for saving. */
  readonly name: string;
  readonly children: ReactNode;
}

/**
 * A link that saves a file. A plain link cannot send a bearer token, so with a token the page fetches the file itself.
 */
export function DownloadLink({ href, name, children }: DownloadLinkProps) {
  const [problem, setProblem] = useState('');
  if (!isFileHref(href)) return <span>{children}</span>;
  const label = (
    <>
      <Download size={16} aria-hidden="true" />
      {children}
    </>
  );
  if (token() === '') {
    return (
      <a className="button" href={BASE_PATH + href} download={name}>
        {label}
      </a>
    );
  }
  const save = async () => {
    const headers = { Authorization: `Bearer ${token()}`, 'X-Client-Id': clientName() };
    const reply = await fetch(BASE_PATH + href, { headers });
    if (!reply.ok || Number(reply.headers.get('content-length') ?? 0) > MAX_FETCHED_BYTES) {
      setProblem(`${reply.status}`);
      return;
    }
    saveAs(await reply.blob(), name);
  };
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => void save().catch((error: Error) => setProblem(error.message))}
      >
        {label}
      </button>
      <span role="alert">{problem}</span>
    </>
  );
}

/** Saves a generated file through the browser. */
export function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
