import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { BASE_PATH, gatewayAddress } from '../routes/base-path.ts';
import { settingsTexts } from './texts.ts';

/** Product, version and documents of this gateway. */
export function AboutGateway() {
  const root = useRoute('getRoot', {});
  return (
    <Region title={settingsTexts.gateway}>
      <Loaded query={root} height={110}>
        {({ name, version, sovd_version, public_url }) => (
          <dl>
            <dt>{settingsTexts.product}</dt>
            <dd>
              {name} <span className="number">{version}</span>
            </dd>
            {sovd_version !== undefined && (
              <>
                <dt>SOVD</dt>
                <dd className="number">{sovd_version}</dd>
              </>
            )}
            <dt>{settingsTexts.address}</dt>
            <dd className="mono">{public_url ?? gatewayAddress()}</dd>
            <dt>{settingsTexts.api}</dt>
            <dd>
              <a href={`${BASE_PATH}/docs`}>{settingsTexts.docs}</a>
            </dd>
          </dl>
        )}
      </Loaded>
    </Region>
  );
}
