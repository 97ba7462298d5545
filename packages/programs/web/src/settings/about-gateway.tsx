import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { BASE_PATH, gatewayAddress } from '../routes/base-path.ts';
import { texts } from '../texts/texts.ts';

/** Product, version and documents of this gateway. */
export function AboutGateway() {
  const root = useRoute('getRoot', {});
  return (
    <Region title={texts.settings.gateway}>
      <Loaded query={root} height={110}>
        {({ name, version, sovd_version, public_url }) => (
          <dl>
            <dt>{texts.settings.product}</dt>
            <dd>
              {name} <span className="number">{version}</span>
            </dd>
            {sovd_version !== undefined && (
              <>
                <dt>SOVD</dt>
                <dd className="number">{sovd_version}</dd>
              </>
            )}
            <dt>{texts.settings.address}</dt>
            <dd className="mono">{public_url ?? gatewayAddress()}</dd>
            <dt>{texts.settings.api}</dt>
            <dd>
              <a href={`${BASE_PATH}/docs`}>{texts.settings.docs}</a>
            </dd>
          </dl>
        )}
      </Loaded>
    </Region>
  );
}
