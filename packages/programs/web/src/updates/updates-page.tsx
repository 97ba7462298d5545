import type { LaidDownUpdate, ListedUpdate, UpdateList } from '@medkit/contract';
import { PackagePlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { FeatureOff, isFeatureOff } from '../regions/feature-off.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { type InstallFacts, installFacts } from './install-facts.ts';
import { type Registered, RegisterUpdate } from './register-update.tsx';
import { t } from './texts.ts';
import { artifactColumns, updateColumns } from './update-columns.tsx';
import './updates.css';

/** No event reports the progress of an update. */
const EVERY_MS = 2000;
const CONFIG = `updates:
  trusted_keys: [/etc/medkit/updates-key.pub.pem]
  dir: /var/lib/medkit/incoming
  install_dir: /opt/robot`;

/** The updates of the robot with their states, the release in use, and artifacts that are not registered. */
export function UpdatesPage(_: ParametersOf<'updates'>) {
  const list = useRoute('listUpdates', { query: { expand: 'status' } }, { everyMs: EVERY_MS });
  const isOff = isFeatureOff(list.error);
  const health = useRoute('getHealth', {}, { enabled: !isOff, everyMs: EVERY_MS });
  const facts = useMemo(() => installFacts(health.data), [health.data]);
  const [prefilled, register] = useState<Registered>();
  const refusal = useRefusal('updates');
  return (
    <div className="stack updates-page">
      <div className="spread">
        <Heading>{texts.shell.updates}</Heading>
        {!isOff && (
          <div className="row">
            {refusal && <span className="soft">{refusal}</span>}
            <button
              type="button"
              className="button primary"
              disabled={refusal !== undefined}
              onClick={() => register({ id: '', version: '', artifact: '' })}
            >
              <PackagePlus size={16} aria-hidden="true" />
              {t.register}
            </button>
          </div>
        )}
      </div>
      {isOff && list.error ? (
        <FeatureOff title={t.off} reason={list.error.message} config={CONFIG}>
          <p className="soft">{t.offHelp}</p>
        </FeatureOff>
      ) : (
        <>
          <InstallerFacts facts={facts} />
          <Loaded query={list} height={300}>
            {(updates) => (
              <Updates list={updates} facts={facts} isRefused={refusal !== undefined} onRegister={register} />
            )}
          </Loaded>
        </>
      )}
      {prefilled && (
        <RegisterUpdate
          prefilled={prefilled}
          onRegistered={(id) => goTo(addressOf('update', { id }))}
          onClose={() => register(undefined)}
        />
      )}
    </div>
  );
}

/** The release in use, and what the robot accepts. */
function InstallerFacts({ facts }: { readonly facts: InstallFacts }) {
  const { target, trustedKeys, isUnsignedAllowed, gateSec, inUse } = facts;
  if (target === undefined) return null;
  return (
    <>
      {trustedKeys === 0 && !isUnsignedAllowed && <p className="partial">{t.noTrustedKeys}</p>}
      <dl className="update-facts">
        <div>
          <dt>{t.inUse}</dt>
          <dd>
            {inUse === undefined ? (
              <span className="soft">{facts.last?.stage === 'rolling-back' ? '–' : t.noneInUse}</span>
            ) : (
              <Link to={addressOf('update', { id: inUse })}>
                <strong>{inUse}</strong>
              </Link>
            )}
          </dd>
        </div>
        <div>
          <dt>{t.target}</dt>
          <dd>{target}</dd>
        </div>
        <div>
          <dt>{t.trustedKeys}</dt>
          <dd className="number">{trustedKeys}</dd>
        </div>
        {gateSec !== undefined && (
          <div>
            <dt>{t.gate}</dt>
            <dd className="number">{t.seconds(gateSec)}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

interface UpdatesProps {
  readonly list: UpdateList;
  readonly facts: InstallFacts;
  readonly isRefused: boolean;
  readonly onRegister: (registered: Registered) => void;
}

function Updates({ list, facts, isRefused, onRegister }: UpdatesProps) {
  const about = list['x-medkit'];
  const rows = useMemo(() => about?.updates ?? [], [about]);
  const artifacts = useMemo(() => about?.unregistered ?? [], [about]);
  const origins = about?.origins ?? undefined;
  const columns = useMemo(() => updateColumns(facts, origins), [facts, origins]);
  const ofArtifacts = useMemo(() => artifactColumns(isRefused, onRegister), [isRefused, onRegister]);
  return (
    <>
      <PartialNotice about={about} />
      {rows.length === 0 && artifacts.length === 0 && <NoUpdates />}
      {(rows.length > 0 || artifacts.length > 0) && (
        <section className="card update-table" aria-label={texts.shell.updates}>
          <DataTable
            isMain
            label={texts.shell.updates}
            rows={rows}
            keyOf={idOf}
            columns={columns}
            hrefOf={hrefOf}
            emptyText={t.noneListed}
          />
        </section>
      )}
      {artifacts.length > 0 && (
        <Region title={t.artifacts}>
          <p className="soft">{t.artifactsHelp}</p>
          <DataTable
            label={t.artifacts}
            rows={artifacts}
            keyOf={keyOfArtifact}
            columns={ofArtifacts}
            height="40vh"
            emptyText=""
          />
        </Region>
      )}
    </>
  );
}

function NoUpdates() {
  return (
    <section className="card stack" aria-label={texts.shell.updates}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{t.noneHelp}</p>
      <pre className="feature-config">{t.noneCommand}</pre>
    </section>
  );
}

const idOf = ({ id }: ListedUpdate): string => id;
const hrefOf = ({ id }: ListedUpdate): string => addressOf('update', { id });
const keyOfArtifact = ({ origin, artifact }: LaidDownUpdate): string => `${origin ?? ''}/${artifact}`;
