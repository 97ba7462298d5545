import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { clientName, token } from '../gateway/session.ts';
import { BASE_PATH } from '../routes/base-path.ts';
import { isFileHref } from '../routes/file-address.ts';

/** What is fetched as a whole before it is given to the browser; larger files are for those who need no token, or the command. */
const MAX_FETCHED_BYTES = 512 * 1024 * 1024;

interface DownloadLinkProps {
  /** An address of this API; another one is shown as text. */
  readonly href: string;
  /** The name of the file as it is saved. */
  readonly name: string;
  readonly children: ReactNode;
}

/** A link that saves a file. Whoever is let in by a token cannot follow a plain link: for them the page fetches the file. */
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

/** Gives a file that was made here to the browser to save. */
export function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
