import type { EntityFaults, MeasuredPeer, TreeItem } from '@medkit/contract';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { type Branch, branchesOf, byGateway, chainOf, foundIn } from './entity-tree.ts';
import { GatewayHeading } from './gateway-heading.tsx';

/** Up to this number of entities the tree is unfolded initially; larger trees show only the areas. */
const MAX_UNFOLDED = 120;

/** Code of the warning that the gateway has discovered no ROS 2 participant. */
const NO_PARTICIPANTS = 'no_participants';

/** Areas, components and apps with their health, and the functions. */
export function TreeRegion() {
  const tree = useRoute('getTree', {});
  const faults = useRoute('getTreeFaults', {});
  const health = useRoute('getHealth', {});
  const isSilent = health.data?.warnings?.some(({ code }) => code === NO_PARTICIPANTS) ?? false;
  const [text, setText] = useState('');
  const filter = (
    <input
      type="search"
      aria-label={texts.home.filter}
      placeholder={texts.home.filter}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
  return (
    <Region title={texts.home.tree} aside={filter} className="home-tree">
      <Loaded query={tree} height={400}>
        {({ items }) => (
          <>
            {faults.error && <Failure error={faults.error} again={faults.refetch} />}
            {(isSilent || !items.some(({ type }) => type === 'app')) && <NoParticipants />}
            <Tree items={items} faults={faults.data?.items ?? NO_FAULTS} text={text} />
          </>
        )}
      </Loaded>
    </Region>
  );
}

const NO_FAULTS: readonly EntityFaults[] = [];
const NO_PEERS: readonly MeasuredPeer[] = [];
/** Maximum children rendered below an entity; the filter finds the others. */
const MAX_CHILDREN = 200;

interface TreeProps {
  readonly items: readonly TreeItem[];
  readonly faults: readonly EntityFaults[];
  readonly text: string;
}

function Tree({ items, faults, text }: TreeProps) {
  const peers = useRoute('listPeers', {}).data?.items ?? NO_PEERS;
  const all = useMemo(() => branchesOf(items, faults), [items, faults]);
  const gateways = byGateway(
    foundIn(all, text),
    peers.map(({ name }) => name),
  );
  const functions = items.filter(({ type }) => type === 'function');
  const unfolds = items.length <= MAX_UNFOLDED || text !== '';
  return (
    <>
      {gateways.map(({ peer, branches, count }) => (
        <section key={peer ?? ''} className="stack tree-gateway" aria-label={peer ?? texts.home.thisRobot}>
          {(peers.length > 0 || peer !== undefined) && (
            <GatewayHeading name={peer} peer={peers.find(({ name }) => name === peer)} count={count} />
          )}
          <ul className="tree">
            {branches.slice(0, MAX_CHILDREN).map((branch) => (
              <BranchView
                key={`${branch.item.type} ${branch.item.id} ${unfolds}`}
                branch={branch}
                unfolds={unfolds}
                runtimeAbove={peer}
              />
            ))}
          </ul>
          <Rest count={branches.length - MAX_CHILDREN} />
        </section>
      ))}
      {functions.length > 0 && text === '' && (
        <>
          <h3>{texts.home.functions}</h3>
          <ul className="row">
            {functions.slice(0, MAX_CHILDREN).map(({ id, name }) => (
              <li key={id}>
                <Link className="chip" to={addressOf('entity', { kind: 'function', id })}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
          <Rest count={functions.length - MAX_CHILDREN} />
        </>
      )}
    </>
  );
}

interface BranchViewProps {
  readonly branch: Branch;
  readonly unfolds: boolean;
  /** The runtime of the parent, not repeated on its children. */
  readonly runtimeAbove?: string | undefined;
}

function BranchView({ branch, unfolds, runtimeAbove }: BranchViewProps) {
  const chain = chainOf(branch);
  const { item, children } = chain.at(-1)!;
  const [isFolded, fold] = useState(!unfolds);
  const isOpen = children.length > 0 && !isFolded;
  return (
    <li>
      <div className="tree-row">
        {children.length > 0 ? (
          <button
            type="button"
            className="tree-fold"
            aria-expanded={isOpen}
            aria-label={isOpen ? texts.home.fold(item.name) : texts.home.unfold(item.name)}
            onClick={() => fold(isOpen)}
          >
            {isOpen ? <ChevronDown size={16} aria-hidden="true" /> : <ChevronRight size={16} aria-hidden="true" />}
          </button>
        ) : (
          <span className="tree-fold" />
        )}
        <span className="tree-chain">
          {chain.map((link, at) => (
            <EntityLine
              key={`${link.item.type} ${link.item.id}`}
              branch={link}
              isLast={at === chain.length - 1}
              runtimeAbove={at === 0 ? runtimeAbove : (chain[at - 1]?.item.runtime ?? runtimeAbove)}
            />
          ))}
          <FaultCount faults={branch.faults} />
        </span>
      </div>
      {isOpen && (
        <ul>
          {children.slice(0, MAX_CHILDREN).map((child) => (
            <BranchView
              key={`${child.item.type} ${child.item.id}`}
              branch={child}
              unfolds={unfolds}
              runtimeAbove={item.runtime ?? undefined}
            />
          ))}
          {children.length > MAX_CHILDREN && (
            <li>
              <Rest count={children.length - MAX_CHILDREN} />
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function Rest({ count }: { readonly count: number }) {
  return count > 0 ? <p className="soft">{texts.home.more(count)}</p> : null;
}

interface EntityLineProps {
  readonly branch: Branch;
  /** False if the next entity of the chain follows in the same row. */
  readonly isLast: boolean;
  readonly runtimeAbove: string | undefined;
}

function EntityLine({ branch: { item }, isLast, runtimeAbove }: EntityLineProps) {
  const { type, id, name, is_online, available, runtime } = item;
  const isAway = available === false || is_online === false;
  return (
    <span className={`tree-line ${isAway ? 'stale' : ''}`}>
      <Link to={addressOf('entity', { kind: type, id })}>{name}</Link>
      {isLast ? <span className="soft tree-kind">{texts.kinds[type]}</span> : <span className="soft">/</span>}
      {runtime && runtime !== 'ros2' && runtime !== runtimeAbove && (
        <span className="chip tree-runtime">{runtime}</span>
      )}
      {available === false && <span>{texts.home.unreachable}</span>}
      {available !== false && is_online === false && <span>{texts.home.offline}</span>}
    </span>
  );
}

/** The open faults of an entity and its descendants, with the most severe one. */
function FaultCount({ faults }: Pick<Branch, 'faults'>) {
  const worst = faults.findLastIndex((count) => count > 0);
  if (worst < 0) return null;
  return (
    <span className="row tree-faults">
      <Severity severity={worst} short />
      <span>{texts.count.faults(faults.reduce((sum, count) => sum + count, 0))}</span>
    </span>
  );
}

function NoParticipants() {
  return (
    <div className="stack partial" role="status">
      <p>
        <b>{texts.home.noNodesFound}</b>
      </p>
      <p>{texts.home.noNodesFoundHelp}</p>
      <p>
        <Link to={addressOf('doctor', {})}>{texts.home.toDoctor}</Link>
      </p>
    </div>
  );
}
