import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { settingsTexts } from './texts.ts';

/** The identity of the user at the gateway, with role and permissions. */
export function UserPermissions() {
  const me = useRoute('getMe', {});
  return (
    <Region title={settingsTexts.me}>
      <Loaded query={me} height={160}>
        {({ principal, kind, role, method, expires_at, permissions }) => (
          <>
            <dl>
              <dt>{settingsTexts.principal}</dt>
              <dd className="mono">{principal}</dd>
              <dt>{settingsTexts.role}</dt>
              <dd>{role}</dd>
              <dt>{settingsTexts.method}</dt>
              <dd className="mono">{method}</dd>
              {timeMs(expires_at) !== undefined && (
                <>
                  <dt>{settingsTexts.expires}</dt>
                  <dd>
                    <Time ms={timeMs(expires_at)} />
                  </dd>
                </>
              )}
            </dl>
            <h3>{settingsTexts.may}</h3>
            <ul className="settings-rights">
              {permissions.map((permission) => (
                <li key={permission}>
                  <code>{permission}</code>
                </li>
              ))}
            </ul>
            {kind === 'user' && <Link to={addressOf('sign-in', {})}>{texts.signIn.changePassword}</Link>}
          </>
        )}
      </Loaded>
    </Region>
  );
}
