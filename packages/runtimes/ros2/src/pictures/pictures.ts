import { SovdError } from '@medkit/contract';
import { type CallContext, type DataPicture, ownerOf } from '@medkit/core';
import { Quota, type QuotaFigures } from '@medkit/edges';
import type { TopicSample } from '@medkit/ros2';
import { compressedFormat } from './compressed-format.ts';
import { readCompressedImage, readImage } from './image-message.ts';
import { pictureRefused } from './picture-refused.ts';
import { encodePng } from './png.ts';
import { MAX_PIXELS, scaleImage } from './scale-image.ts';

const IMAGE = 'sensor_msgs/msg/Image';
const COMPRESSED_IMAGE = 'sensor_msgs/msg/CompressedImage';

/** Maximum pictures that are encoded at a time: Node has four threads for it, and each picture takes some 20 ms. */
const MAX_PICTURES = 8;
/** Maximum height of a picture, pixels. Its maximum width is the choice of the client. */
const HEIGHT = 640;
/** Maximum bytes of a compressed image: it is sent unchanged, once a second to each reader. */
const MAX_COMPRESSED_BYTES = 4 * 1024 * 1024;

/** A picture without the arrival time of its sample. */
export type Encoded = Omit<DataPicture, 'timestampNs'>;

/** Makes pictures from samples of image topics. */
export interface Pictures {
  /**
   * Returns a picture of a sample. Readers of one sample and width share one picture. Throws
   * `precondition-not-fulfilled` if the sample cannot be shown, and `service-unavailable` if too many pictures are being
   * encoded.
   */
  of(sample: TopicSample, maxWidth: number, call: CallContext): Promise<Encoded>;
  /** Pictures that are being encoded, by client. */
  figures(): QuotaFigures;
}

/** Throws `precondition-not-fulfilled` if the values of a topic are not images. */
export function assertImageType(topic: string, type: string): void {
  if (type === IMAGE || type === COMPRESSED_IMAGE) return;
  const message = `The values of ${topic} are not images: they are ${type}, not ${IMAGE} or ${COMPRESSED_IMAGE}`;
  throw pictureRefused(message, { topic, type });
}

export function openPictures(): Pictures {
  const quota = new Quota(MAX_PICTURES);
  // Only the last width of a sample: the number of widths that clients may ask for is large.
  const recent = new WeakMap<TopicSample, { readonly maxWidth: number; readonly encoded: Promise<Encoded> }>();

  const encode = async (sample: TopicSample, maxWidth: number, call: CallContext): Promise<Encoded> => {
    if (sample.type === COMPRESSED_IMAGE) return compressed(sample);
    const owner = ownerOf(call);
    if (!quota.take(owner)) {
      const message = `The gateway already encodes ${quota.total} pictures; try again later`;
      throw new SovdError({ code: 'service-unavailable', message, parameters: { in_flight: quota.total } });
    }
    try {
      return await reduced(sample, maxWidth);
    } finally {
      quota.release(owner);
    }
  };

  return {
    of: (sample, maxWidth, call) => {
      const known = recent.get(sample);
      const encoded = known?.maxWidth === maxWidth ? known.encoded : encode(sample, maxWidth, call);
      if (encoded !== known?.encoded) {
        recent.set(sample, { maxWidth, encoded });
        encoded.catch(() => recent.delete(sample));
      }
      return encoded;
    },
    figures: () => quota.figures(),
  };
}

async function reduced({ cdr }: TopicSample, maxWidth: number): Promise<Encoded> {
  const image = readImage(cdr);
  const { width, height, encoding } = image;
  const bytes = await encodePng(scaleImage(image, maxWidth, HEIGHT));
  return { mediaType: 'image/png', bytes, width, height, encoding };
}

function compressed({ cdr }: TopicSample): Encoded {
  const { data, format } = readCompressedImage(cdr);
  if (data.length > MAX_COMPRESSED_BYTES) {
    throw pictureRefused(`The image has ${data.length} bytes; at most ${MAX_COMPRESSED_BYTES} are shown`);
  }
  const found = compressedFormat(data);
  if (!found) {
    const name = format.slice(0, 64);
    const message = `Compressed images with the format "${name}" cannot be shown. Supported formats: jpeg, png, webp`;
    throw pictureRefused(message, { format: name, supported: ['jpeg', 'png', 'webp'] });
  }
  const { encoding, width, height } = found;
  if (width * height > MAX_PIXELS) {
    const size = `${width} x ${height} pixels`;
    throw pictureRefused(`The image is too large for a picture: ${size}; at most ${MAX_PIXELS} pixels are shown`);
  }
  return { mediaType: `image/${encoding}`, bytes: data, width, height, encoding };
}
