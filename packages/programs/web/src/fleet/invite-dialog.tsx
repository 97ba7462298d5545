import type { FleetInvitationRequest, NewFleetInvitation } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { t } from './texts.ts';

/** What the form contains. */
interface Entered {
  readonly isForMany: boolean;
  readonly name: string;
  readonly uses: string;
  readonly site: string;
  readonly minutes: string;
  readonly isApproved: boolean;
}

const BEFORE: Entered = {
  isForMany: false,
  name: '',
  uses: '10',
  site: '',
  minutes: '60',
  isApproved: false,
};

/** Creates an invitation, and shows its command once. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const i = t.invitation;
  const [entered, setEntered] = useState(BEFORE);
  const [created, setCreated] = useState<NewFleetInvitation>();
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('fleet.enrol');
  const enter = (change: Partial<Entered>) => setEntered((before) => ({ ...before, ...change }));
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      setCreated(await gateway().call('createFleetInvitation', { body: requestOf(entered) }));
      refetchRoutes(['listFleetInvitations']);
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  return (
    <Dialog title={i.title} onClose={onClose}>
      {created ? (
        <InvitationCommand invitation={created} onDone={onClose} />
      ) : (
        <form className="stack" onSubmit={(event) => void create(event)}>
          <InvitationFields entered={entered} onEnter={enter} />
          {error && <Failure error={error} />}
          <div className="row">
            <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
              {i.create}
            </button>
            {refusal && <span className="soft">{refusal}</span>}
          </div>
        </form>
      )}
    </Dialog>
  );
}

function requestOf({ isForMany, name, uses, site, minutes, isApproved }: Entered): FleetInvitationRequest {
  return {
    ...(isForMany ? { name_pattern: name.trim(), uses: Number(uses) } : { robot: name.trim() }),
    ...(site.trim() && { site: site.trim() }),
    minutes: Number(minutes),
    ...(isApproved && { auto_approve: true }),
  };
}

interface InvitationFieldsProps {
  readonly entered: Entered;
  readonly onEnter: (change: Partial<Entered>) => void;
}

function InvitationFields({ entered, onEnter }: InvitationFieldsProps) {
  const i = t.invitation;
  const { isForMany, name, uses, site, minutes, isApproved } = entered;
  return (
    <>
      <label className="row">
        <input
          type="checkbox"
          checked={isForMany}
          onChange={({ target }) =>
            onEnter({ isForMany: target.checked, name: target.checked ? 'robot-{serial}' : '' })
          }
        />
        {i.many}
      </label>
      <label className="fleet-field">
        {isForMany ? i.pattern : i.robot}
        <input
          required
          maxLength={63}
          value={name}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => onEnter({ name: target.value })}
        />
        <span className="soft">{isForMany ? i.patternHelp : i.robotHelp}</span>
      </label>
      {isForMany && (
        <label className="fleet-field">
          {i.uses}
          <input
            required
            type="number"
            min={1}
            max={500}
            value={uses}
            onChange={({ target }) => onEnter({ uses: target.value })}
          />
        </label>
      )}
      <label className="fleet-field">
        {i.site}
        <input maxLength={63} value={site} onChange={({ target }) => onEnter({ site: target.value })} />
      </label>
      <label className="fleet-field">
        {i.valid}
        <select value={minutes} onChange={({ target }) => onEnter({ minutes: target.value })}>
          {Object.entries(i.spans).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="row">
        <input
          type="checkbox"
          checked={isApproved}
          onChange={({ target }) => onEnter({ isApproved: target.checked })}
        />
        {i.approve}
      </label>
    </>
  );
}

interface InvitationCommandProps {
  readonly invitation: NewFleetInvitation;
  readonly onDone: () => void;
}

/** The command that a robot runs to enrol. Its link contains the code. */
export function InvitationCommand({ invitation: { link }, onDone }: InvitationCommandProps) {
  const i = t.invitation;
  const command = `sudo medkit enrol ${link}`;
  return (
    <div className="stack" role="alert">
      <p>
        <strong>{i.ready}</strong> <span className="soft">{i.readyHelp}</span>
      </p>
      <code className="fleet-command">{command}</code>
      <div className="row">
        <CopyButton text={command} label={i.copy} />
        <button type="button" className="button" onClick={onDone}>
          {i.done}
        </button>
      </div>
    </div>
  );
}
