import type { LaidDownUpdate, ListedUpdate } from '@medkit/contract';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import type { InstallFacts } from './install-facts.ts';
import type { Registered } from './register-update.tsx';
import { t } from './texts.ts';
import { Check, UpdateState } from './update-marks.tsx';
import { labelOf, problemOf } from './update-state.ts';
import { type StepState, stepsOf } from './update-steps.ts';

/** The columns of the list of updates. `origins` are the gateways of updates of other gateways, by id. */
export function updateColumns(
  facts: InstallFacts,
  origins: Readonly<Record<string, string>> | undefined,
): readonly Column<ListedUpdate>[] {
  const problemText = (update: ListedUpdate) => problemOf(update)?.message ?? '';
  return [
    {
      id: 'update',
      title: t.update,
      sortBy: ({ id }) => id,
      cell: ({ id, update_name }) => (
        <>
          <Link to={addressOf('update', { id })} className="update-name">
            {id}
          </Link>
          {update_name && <span className="soft"> {update_name}</span>}
        </>
      ),
      under: (update) => [update.version, problemText(update)].filter(Boolean).join(' · '),
    },
    {
      id: 'version',
      title: t.version,
      width: '7rem',
      isWideOnly: true,
      sortBy: ({ version }) => version,
      cell: ({ version }) => version,
    },
    {
      id: 'state',
      title: t.state,
      width: '10rem',
      sortBy: (update) => t.states[labelOf(update.id, update, facts)],
      cell: (update) => <UpdateState label={labelOf(update.id, update, facts)} percent={update.progress} />,
    },
    {
      id: 'checks',
      title: t.checks,
      width: '14rem',
      isWideOnly: true,
      className: 'update-extra',
      cell: (update) => <Checks update={update} />,
    },
    ...(origins && Object.keys(origins).length > 0
      ? [
          {
            id: 'gateway',
            title: t.gateway,
            width: '9rem',
            isWideOnly: true,
            sortBy: ({ id }: ListedUpdate) => origins[id],
            cell: ({ id }: ListedUpdate) => origins[id],
          },
        ]
      : []),
    {
      id: 'problem',
      title: t.problem,
      width: '34%',
      isWideOnly: true,
      cell: (update) => <span title={problemText(update)}>{problemText(update)}</span>,
    },
  ];
}

/** The results of the signature and of the digests, as far as they were checked. */
function Checks({ update }: { readonly update: ListedUpdate }) {
  // The list does not contain the registered digest, so the signature of a wrong digest stays open.
  const steps = stepsOf({ id: update.id, status: update, facts: {}, hasDigest: true });
  const stateOf = (name: string): StepState => steps.find((step) => step.name === name)?.state ?? 'waiting';
  return (
    <span className="update-checks">
      <Check state={stateOf('signature')} name={t.checkedSignature} />
      <Check state={stateOf('files')} name={t.checkedDigest} />
    </span>
  );
}

/** The columns of artifacts without an update. */
export function artifactColumns(
  isRefused: boolean,
  onRegister: (registered: Registered) => void,
): readonly Column<LaidDownUpdate>[] {
  return [
    {
      id: 'artifact',
      title: t.artifact,
      cell: ({ artifact }) => <strong>{artifact}</strong>,
      under: ({ version, target, problem }) => problem ?? [version, target].filter(Boolean).join(' · '),
    },
    { id: 'id', title: t.id, width: '20%', isWideOnly: true, cell: ({ id }) => id },
    { id: 'version', title: t.version, width: '8rem', isWideOnly: true, cell: ({ version }) => version },
    { id: 'target', title: t.target, width: '8rem', isWideOnly: true, cell: ({ target }) => target },
    {
      id: 'problem',
      title: t.problem,
      width: '30%',
      isWideOnly: true,
      cell: ({ problem, origin }) => <span title={problem ?? ''}>{problem ?? origin}</span>,
    },
    {
      id: 'register',
      title: '',
      width: '8rem',
      cell: ({ artifact, id, version, problem, origin }) =>
        problem || origin ? null : (
          <button
            type="button"
            className="button update-register"
            aria-label={t.registerThis(artifact)}
            disabled={isRefused}
            onClick={() => onRegister({ id: id ?? artifact, version: version ?? '', artifact })}
          >
            {t.registerShort}
          </button>
        ),
    },
  ];
}
