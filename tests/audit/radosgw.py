"""Real S3 for a test: a Ceph cluster of one monitor and one OSD with radosgw, all below a scratch
directory and on loopback ports, gone with the test."""

import ctypes
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 5
OSD_BYTES = 4 * 2**30  # of a sparse file
OSD_PORTS = 8          # an OSD listens on several
# radosgw makes these in any case; made here, all at once and small, they take less time.
POOLS = (".rgw.root", "default.rgw.log", "default.rgw.control", "default.rgw.meta",
         "default.rgw.buckets.index", "default.rgw.buckets.data")

CONFIGURATION = """
[global]
fsid = {fsid}
mon_host = v2:127.0.0.1:{mon_port}
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
ms_bind_port_min = {osd_port}
ms_bind_port_max = {osd_port_last}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
ms_mon_service_mode = crc
ms_mon_cluster_mode = crc
run_dir = {root}
admin_socket = {root}/$name.asok
log_file = {root}/$name.log
mon_cluster_log_file = {root}/cluster.log
pid_file =
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
objecter_tick_interval = 0.3

[mon]
mon_data = {root}/mon
paxos_propose_interval = 0.05
mon_data_avail_crit = 0
mon_data_avail_warn = 0

[osd]
osd_data = {root}/osd
osd_objectstore = bluestore
bluestore_block_size = {osd_bytes}
bluestore_cache_autotune = false
bluestore_cache_size = 67108864

[client.rgw]
rgw_data = {root}/rgw
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_enable_usage_log = false
rgw_enable_gc_threads = false
rgw_enable_lc_threads = false
rgw_crypt_require_ssl = false
"""


def ports_free(first, count):
    for port in range(first, first + count):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def pick_ports(count):
    """The first of so many ports in a row that nobody listens on."""
    for _ in range(100):
        first = 20000 + secrets.randbelow(10000)
        if ports_free(first, count):
            return first
    raise RuntimeError("no free ports")


def end_with_the_parent():
    """In a child: SIGKILL, also where the test itself was killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Radosgw:
    """with Radosgw() as store: store.endpoint, store.access_key, store.secret_key, store.log()"""

    access_key = "RADOSGWACCESSKEY"
    secret_key = "radosgw/secret+key"

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="millrace-radosgw-"))
        self.processes = []
        first = pick_ports(OSD_PORTS + 2)
        self.port, mon_port, osd_port = first, first + 1, first + 2
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.fsid = str(uuid.uuid4())
        self.configuration = self.root / "ceph.conf"
        self.configuration.write_text(CONFIGURATION.format(
            fsid=self.fsid, root=self.root, mon_port=mon_port, osd_port=osd_port,
            osd_port_last=osd_port + OSD_PORTS - 1, port=self.port, osd_bytes=OSD_BYTES))
        for directory in ("mon", "osd", "rgw"):
            (self.root / directory).mkdir()
        try:
            self._start(mon_port)
        except BaseException:
            log = self.log()
            self.stop()
            print(log)
            raise

    def _start(self, mon_port):
        monmap = self.root / "monmap"
        self._run("monmaptool", "--create", "--fsid", self.fsid, "--addv", "a",
                  f"[v2:127.0.0.1:{mon_port}]", monmap)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--fsid", self.fsid)
        self._daemon("ceph-mon", "-i", "a", "-f")
        osd_uuid = str(uuid.uuid4())
        self._run("ceph", stdin="\n".join((
            f"osd new {osd_uuid}", *(f"osd pool create {pool} 4" for pool in POOLS),
            *(f"osd pool application enable {pool} rgw" for pool in POOLS))) + "\n")
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd_uuid)
        self._daemon("ceph-osd", "-i", "0", "-f")
        self._run("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=test",
                  "--display-name=test", f"--access-key={self.access_key}",
                  f"--secret-key={self.secret_key}")
        self._daemon("radosgw", "-n", "client.rgw", "-f")
        self._wait_until_answering()

    def _command(self, program, *arguments):
        path = os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin"
        return [shutil.which(program, path=path) or program, "-c", str(self.configuration),
                *map(str, arguments)]

    def _run(self, program, *arguments, stdin=None):
        result = subprocess.run(self._command(program, *arguments), input=stdin, text=True,
                                capture_output=True, timeout=START_SECONDS_MAX)
        if result.returncode != 0:
            raise RuntimeError(f"{program} {arguments}:\n{result.stdout}\n{result.stderr}")

    def _daemon(self, program, *arguments):
        output = open(self.root / f"{program}.out", "wb")  # noqa: SIM115, the process keeps it
        self.processes.append(subprocess.Popen(
            self._command(program, *arguments), stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, preexec_fn=end_with_the_parent))
        output.close()

    def _wait_until_answering(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self.processes):
                break
            try:
                urllib.request.urlopen(self.endpoint, timeout=1).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("radosgw did not start")

    def log(self):
        """The last of what each process said."""
        paths = [*self.root.glob("*.out"), *self.root.glob("*.log")]
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}"
                         for path in paths)

    def stop(self):
        """Nothing is to outlive it, so nobody is asked twice."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait(STOP_SECONDS_MAX)
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
