import { CopyButton } from '../controls/copy-button.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { t } from './texts.ts';

const COMMAND = 'medkit auth init';

/** Explains how to create the first user of a gateway without accounts. */
export function NoAccounts() {
  const s = t.setup;
  const isSetup = useRoute('getSetup', {}).data?.needed === true;
  return (
    <section className="card stack" aria-label={s.title}>
      <p>
        <strong>{s.title}</strong>
      </p>
      <p className="soft">{s.help}</p>
      <p>{s.first}</p>
      <div className="row">
        <code className="users-secret-text">{COMMAND}</code>
        <CopyButton text={COMMAND} label={t.copy} />
      </div>
      <p>{s.page}</p>
      {isSetup && <Link to={addressOf('sign-in', {})}>{s.makeFirst}</Link>}
      <p className="soft">
        {t.guide}: <code>docs/guides/accounts.md</code>
      </p>
    </section>
  );
}
