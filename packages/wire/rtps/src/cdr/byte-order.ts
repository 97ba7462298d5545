/** Whether this machine is little endian. */
export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reverses the octets of each `width`-octet element of `bytes`, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start + width <= bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low += 1, high -= 1) {
      const octet = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = octet;
    }
  }
}
