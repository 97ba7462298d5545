import type { GatewaySettings } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { FeatureOff, isFeatureOff } from '../regions/feature-off.tsx';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { SignInLink } from '../routes/sign-in-link.tsx';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { CodeText, numbered } from './code-text.tsx';
import './gateway-settings.css';
import { settingColumns } from './setting-columns.tsx';
import { SettingDialog } from './setting-dialog.tsx';
import { SettingRemarks } from './setting-remarks.tsx';
import { filteredRows, type SettingRow, settingFilterOf, settingRows } from './setting-rows.ts';
import { SettingSummary } from './setting-summary.tsx';
import { t } from './texts.ts';

/** The settings with which the gateway runs, each with its value and source. Requires the permission `accounts`. */
export function GatewaySettingsPage(_: ParametersOf<'gateway-settings'>) {
  const { data: me, error, refetch } = useRoute('getMe', {});
  return (
    <div className="stack">
      <Heading>{texts.shell['gateway-settings']}</Heading>
      {error ? (
        <Failure error={error} again={refetch} />
      ) : me === undefined ? (
        <Skeleton height={420} />
      ) : me.permissions.includes('accounts') ? (
        <SettingsOfGateway />
      ) : (
        <section className="card" aria-label={texts.shell['gateway-settings']}>
          <p>
            {t.notAllowed} {me.kind === 'anonymous' && <SignInLink />}
          </p>
        </section>
      )}
    </div>
  );
}

function SettingsOfGateway() {
  const list = useRoute('listSettings', {});
  if (isFeatureOff(list.error)) {
    return (
      <FeatureOff title={t.off} reason={list.error.message} config="medkit up">
        <p className="soft">
          <CodeText text={t.offHelp} />
        </p>
      </FeatureOff>
    );
  }
  return (
    <Loaded query={list} height={420}>
      {(settings) => (
        <>
          <div className="stack">
            <p className="soft gateway-settings-value">
              {settings.file ? (
                <>
                  {t.readFrom} <code>{settings.file}</code>
                </>
              ) : (
                t.noFile
              )}
            </p>
            {settings.file_changed && (
              <p role="status" className="partial">
                {t.changed}
              </p>
            )}
            <p className="soft">{t.reload}</p>
          </div>
          <SettingSummary items={settings.items} />
          <SettingRemarks {...settings} />
          <SettingList settings={settings} />
          <FaultEffect settings={settings} />
        </>
      )}
    </Loaded>
  );
}

const keyOf = ({ id }: SettingRow): string => id;
const sectionOf = ({ section }: SettingRow): string => (section === undefined ? t.parameters : section || t.general);

function SettingList({ settings }: { readonly settings: GatewaySettings }) {
  const filter = settingFilterOf(useSearch());
  const all = useMemo(() => settingRows(settings), [settings]);
  const columns = useMemo(settingColumns, []);
  const [opened, open] = useState<SettingRow>();
  const rows = filteredRows(all, filter);
  return (
    <>
      <FilterBar>
        <Choice
          label={t.show}
          value={filter.show}
          options={Object.entries(t.shows)}
          onChoose={(show) => changeSearch({ show: show === 'all' ? undefined : show })}
        />
        <SearchField
          label={t.search}
          hint={t.searchHint}
          value={filter.text}
          onType={(text) => changeSearch({ q: text })}
        />
      </FilterBar>
      <section className="card gateway-settings-table" aria-label={t.all}>
        <p className="soft number gateway-settings-count">{t.counted(rows.length, all.length)}</p>
        <DataTable
          isMain
          label={t.all}
          rows={rows}
          keyOf={keyOf}
          columns={columns}
          groupOf={sectionOf}
          onOpen={open}
          emptyText={t.noneMatches}
        />
      </section>
      {opened && <SettingDialog setting={opened.setting} onClose={() => open(undefined)} />}
    </>
  );
}

function FaultEffect({ settings: { fault_manager } }: { readonly settings: GatewaySettings }) {
  if (fault_manager.effect.length === 0) return null;
  return (
    <details className="card">
      <summary>{t.effect}</summary>
      <ul className="stack gateway-settings-effect">
        {numbered(fault_manager.effect).map(([id, sentence]) => (
          <li key={id}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
