"""OpenStack Swift with its S3 interface in one process, for tests: argument 1 is an empty folder. Prints the port."""
import os
import sys

import eventlet

eventlet.monkey_patch()
from eventlet import wsgi  # noqa: E402
from swift.common import utils  # noqa: E402

FOLDER = sys.argv[1]
DEVICES = os.path.join(FOLDER, 'devices')
STORAGE = ('account', 'container', 'object')
PROXY = """
[DEFAULT]
swift_dir = {folder}
user = {user}
[pipeline:main]
pipeline = catch_errors s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
dns_compliant_bucket_names = true
[filter:tempauth]
use = egg:swift#tempauth
user_medkit_writer = correct-horse .admin
[filter:slo]
use = egg:swift#slo
"""
SERVER = """
[DEFAULT]
swift_dir = {folder}
devices = {devices}
mount_check = false
user = {user}
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, 'w') as file:
        file.write(text)
    return path


utils.SWIFT_CONF_FILE = write('swift.conf', '[swift-hash]\nswift_hash_path_suffix = medkit\n')
utils.validate_hash_conf()

from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.storage_policy import reload_storage_policies  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

reload_storage_policies()
names = {'folder': FOLDER, 'devices': DEVICES, 'user': os.environ.get('USER', 'root')}
sockets = {name: eventlet.listen(('127.0.0.1', 0)) for name in STORAGE}
for name, socket in sockets.items():
    os.makedirs(os.path.join(DEVICES, 'disk'), exist_ok=True)
    builder = RingBuilder(1, 1, 0)
    device = {'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'ip': '127.0.0.1', 'device': 'disk'}
    builder.add_dev({**device, 'port': socket.getsockname()[1]})
    builder.rebalance()
    builder.get_ring().save(os.path.join(FOLDER, name + '.ring.gz'))


class Silent:
    def write(self, *_):
        pass


class Memory:
    """The part of memcached that the proxy uses: values of one process."""

    def __init__(self):
        self.values = {}

    def get(self, key, *_, **__):
        return self.values.get(key)

    def set(self, key, value, *_, **__):
        self.values[key] = value

    def delete(self, key, *_, **__):
        self.values.pop(key, None)

    def incr(self, key, delta=1, *_, **__):
        self.values[key] = self.values.get(key, 0) + int(delta)
        return self.values[key]


def with_cache(app):
    cache = Memory()

    def run(environment, start_response):
        return app({**environment, 'swift.cache': cache}, start_response)

    return run


def serve(socket, path, text, wrapped=lambda app: app):
    app = wrapped(loadapp(write(path, text)))
    return eventlet.spawn(wsgi.server, socket, app, Silent(), debug=False)


for name, socket in sockets.items():
    serve(socket, name + '.conf', SERVER.format(name=name, **names))
proxy = eventlet.listen(('127.0.0.1', int(os.environ.get('SWIFT_PORT', '0'))))
running = serve(proxy, 'proxy.conf', PROXY.format(**names), with_cache)
print('listening on port', proxy.getsockname()[1], flush=True)
running.wait()
