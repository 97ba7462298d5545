/* Test program of the C writer: prints the messages of the test vector, or sends to a reader that stops reading. */
#define MEDKIT_INGEST_IMPLEMENTATION
#include "../../../packages/wire/ingest/writers/medkit_ingest.h"

#include <stdio.h>

enum { FULL_AFTER = 100, SENT_AFTER_FULL = 1000, DECLARATION_EVERY = 20 };

static void print_message(const unsigned char *message, size_t length) {
  size_t i;
  for (i = 0; i < length; i++) printf("%02x", message[i]);
  printf("\n");
}

/* The test vector: a declaration at 5 s, and a failed state 20 ms later. */
static int vector(medkit_ingest *sender, const char *json) {
  medkit_ingest_value ports[3] = {{0.5}, {0.3125}, {0.45}};
  uint8_t failed = MEDKIT_INGEST_FAILED;
  size_t length;
  const unsigned char *message = medkit_ingest_encode_declaration(sender, 5000000, json, &length);
  print_message(message, length);
  message = medkit_ingest_encode_state(sender, 5020000, ports, 3, &failed, 1, &length);
  print_message(message, length);
  return 0;
}

/* Sends until no frame has been accepted for a while, reports that, and continues until enough were accepted again. */
static int flood(medkit_ingest *sender, const char *json) {
  const struct timespec pause = {0, 1000000};
  medkit_ingest_value ports[3] = {{0}, {0}, {0}};
  uint32_t random = 1, failures = 0;
  uint8_t result, last = MEDKIT_INGEST_UNTESTED;
  int cycle = 0, sent = 0, sent_since = 0, in_a_row = 0, is_full = 0;
  while (medkit_ingest_declare(sender, json) != 1) nanosleep(&pause, NULL);
  while (sent_since < SENT_AFTER_FULL) {
    /* Long frames are sent in part. */
    if (++cycle % DECLARATION_EVERY == 0) medkit_ingest_declare(sender, json);
    random = random * 1664525u + 1013904223u;
    result = random >> 31 ? MEDKIT_INGEST_FAILED : MEDKIT_INGEST_PASSED;
    failures += result == MEDKIT_INGEST_FAILED && last != MEDKIT_INGEST_FAILED;
    last = result;
    if (medkit_ingest_state(sender, ports, 3, &result, 1) == 1) {
      sent++;
      sent_since += is_full;
      in_a_row = 0;
    } else if (++in_a_row == FULL_AFTER && !is_full) {
      is_full = 1;
      printf("full\n");
      fflush(stdout);
    }
    if (is_full) nanosleep(&pause, NULL);
  }
  result = MEDKIT_INGEST_PASSED;
  while (medkit_ingest_state(sender, ports, 3, &result, 1) != 1) nanosleep(&pause, NULL);
  printf("sent %d failures %u\n", sent + 1, (unsigned)failures);
  fflush(stdout);
  /* The last frame may have been sent in part. */
  while (!medkit_ingest_is_free(sender)) nanosleep(&pause, NULL);
  return 0;
}

int main(int count, char **words) {
  static medkit_ingest sender;
  unsigned char key[MEDKIT_INGEST_KEY_BYTES];
  if (count != 6 || medkit_ingest_key(words[3], key) != 0) return 2;
  if (medkit_ingest_open(&sender, words[2], key, strtoull(words[4], NULL, 10)) != 0) return 2;
  return strcmp(words[1], "vector") == 0 ? vector(&sender, words[5]) : flood(&sender, words[5]);
}
