/*
 * A safety gate that sends its state to a medkit gateway 50 times a second: the commanded speed, the distance of the
 * nearest obstacle, and whether it is below the stop threshold.
 *
 *   cc -std=c99 -O2 safety_gate.c -o safety_gate
 *   ./safety_gate udp:127.0.0.1:7799 --key ingest.key --cross-after 5
 */
#define MEDKIT_INGEST_IMPLEMENTATION
#include "../medkit_ingest.h"

#include <signal.h>
#include <stdio.h>

static const char DECLARATION[] =
    "{\"runtime\":\"RTMaps\","
    "\"area\":{\"id\":\"safety_island\",\"name\":\"Safety Island\"},"
    "\"components\":[{\"id\":\"safety_controller\",\"name\":\"Safety controller\"}],"
    "\"apps\":[{\"id\":\"safety_gate\",\"name\":\"Safety gate\",\"component\":\"safety_controller\",\"ports\":["
    "{\"id\":\"commanded_vx\",\"type\":\"float64\",\"unit\":\"m/s\",\"role\":\"commanded\"},"
    "{\"id\":\"min_range_m\",\"type\":\"float64\",\"unit\":\"m\",\"role\":\"measured\"},"
    "{\"id\":\"stop_threshold_m\",\"type\":\"float64\",\"unit\":\"m\",\"role\":\"threshold\",\"of\":\"min_range_m\"}],"
    "\"faults\":[{\"code\":\"PROTECTIVE_STOP\",\"severity\":2,"
    "\"description\":\"An obstacle is nearer than the stop threshold\"}]}]}";

static const char HELP[] =
    "safety_gate <address> [options]\n"
    "  <address>            udp:127.0.0.1:<port> or unix:/<path>\n"
    "  --key <file>         64 hexadecimal digits; needed for udp\n"
    "  --session <number>   greater than in any run before (default: microseconds since 1970)\n"
    "  --cross-after <s>    an obstacle comes nearer than the threshold after this time\n"
    "  --cross-for <s>      and goes away again after this one (default 2)\n"
    "  --seconds <s>        ends after this time (default: when it is told to)\n";

enum { PERIOD_US = 20000, CYCLES_PER_SECOND = 50 };

static volatile sig_atomic_t is_over = 0;
static void on_signal(int signal_number) {
  (void)signal_number;
  is_over = 1;
}

static int read_key(const char *path, unsigned char key[MEDKIT_INGEST_KEY_BYTES]) {
  char text[128] = "";
  FILE *file = fopen(path, "r");
  if (file == NULL) return -1;
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return medkit_ingest_key(text, key);
}

/* Sleeps until an absolute time, so that the cycles do not drift. */
static void sleep_until(uint64_t moment_us) {
  struct timespec moment;
  moment.tv_sec = (time_t)(moment_us / 1000000);
  moment.tv_nsec = (long)(moment_us % 1000000 * 1000);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL);
}

int main(int count, char **words) {
  static medkit_ingest sender;
  unsigned char key[MEDKIT_INGEST_KEY_BYTES];
  const unsigned char *given_key = NULL;
  uint64_t session = medkit_ingest_session(), begin_us, cycle;
  double cross_after = -1, cross_for = 2, seconds = -1;
  long sent = 0, dropped = 0;
  int i;
  if (count < 2 || count % 2 != 0) return fputs(HELP, stderr), 2;
  for (i = 2; i < count; i += 2) {
    const char *value = words[i + 1];
    if (strcmp(words[i], "--key") == 0) {
      if (read_key(value, key) != 0) return fprintf(stderr, "%s has no key of 64 hexadecimal digits\n", value), 2;
      given_key = key;
    } else if (strcmp(words[i], "--session") == 0) {
      session = strtoull(value, NULL, 10);
    } else if (strcmp(words[i], "--cross-after") == 0) {
      cross_after = atof(value);
    } else if (strcmp(words[i], "--cross-for") == 0) {
      cross_for = atof(value);
    } else if (strcmp(words[i], "--seconds") == 0) {
      seconds = atof(value);
    } else {
      return fputs(HELP, stderr), 2;
    }
  }
  if (medkit_ingest_open(&sender, words[1], given_key, session) != 0) {
    fprintf(stderr, "%s: expected udp:127.0.0.1:<port> with a key, or unix:/<path>\n", words[1]);
    return 2;
  }
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  begin_us = medkit_ingest_now_us();
  for (cycle = 0; !is_over; cycle++) {
    double now = (double)cycle / CYCLES_PER_SECOND;
    int is_near = cross_after >= 0 && now >= cross_after && now < cross_after + cross_for;
    medkit_ingest_value ports[3];
    uint8_t result = is_near ? MEDKIT_INGEST_FAILED : MEDKIT_INGEST_PASSED;
    if (seconds >= 0 && now >= seconds) break;
    ports[0].float64 = is_near ? 0 : 0.5;
    ports[1].float64 = is_near ? 0.3 : 1.2;
    ports[2].float64 = 0.45;
    /* Repeated, because the gateway may start later than this program. */
    if (cycle % CYCLES_PER_SECOND == 0) medkit_ingest_declare(&sender, DECLARATION);
    if (medkit_ingest_state(&sender, ports, 3, &result, 1) == 1) sent++;
    else dropped++;
    sleep_until(begin_us + (cycle + 1) * PERIOD_US);
  }
  medkit_ingest_close(&sender);
  printf("%ld states sent, %ld dropped\n", sent, dropped);
  return 0;
}
