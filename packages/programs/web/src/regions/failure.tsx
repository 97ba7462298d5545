import { GatewayRefused, GatewayUnreachable } from '@medkit/client';
import { CopyButton } from '../controls/copy-button.tsx';
import { isOfAbsentRobot } from '../gateway/gateway.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { texts } from '../texts/texts.ts';

/** An error message, with what the user can do. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: (() => unknown) | undefined }) {
  const refused = error instanceof GatewayRefused ? error : undefined;
  if (isOfAbsentRobot(error)) return <p className="soft">{texts.region.away}</p>;
  const text =
    refused?.status === 401
      ? texts.region.signIn
      : refused?.status === 403
        ? [texts.region.refused403, rolesIn(refused)].filter(Boolean).join('. ')
        : refused
          ? refused.message
          : error instanceof GatewayUnreachable
            ? texts.region.offline
            : texts.region.unreadable;
  return (
    <div role="alert" className="row failure">
      <span>{text}</span>
      {refused?.status === 401 && <SignInLink />}
      {refused && <code className="soft">{refused.code}</code>}
      {refused && <CopyButton text={refused.text} label={texts.region.copyCode} />}
      {again && (
        <button type="button" className="button" onClick={() => void again()}>
          {texts.region.again}
        </button>
      )}
    </div>
  );
}

/** Returns the roles that the gateway names in a refusal; empty if it names none. */
function rolesIn({ parameters: { roles } }: GatewayRefused): string {
  const names = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  return names.length > 0 ? texts.region.allowedFor(names.join(', ')) : '';
}
