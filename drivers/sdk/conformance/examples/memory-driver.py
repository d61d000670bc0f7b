"""A complete driver in plain Python 3, before an array that lives in memory.

Speaks the driver contract as one JSON object a line on stdin and stdout, or with `--http` as HTTP on a loopback port of its own.
It declares discovery, volume and volume.expand; everything else it refuses by name.
"""

import argparse
import datetime
import http.server
import ipaddress
import itertools
import json
import os
import pathlib
import re
import sys
import threading
import time

GIB = 1024**3
CONTRACT_VERSION = 1
SCHEMA = pathlib.Path(__file__).parents[4] / "docs" / "api" / "driver.schema.json"

DESCRIPTION = {
    "contractVersion": CONTRACT_VERSION,
    "type": "memory",
    "displayName": "Array in memory",
    "interfaceType": "memory",
    "systemType": "memory",
    "protocols": ["iSCSI"],
    "capabilities": ["discovery", "volume", "volume.expand"],
    "capabilityDefinitions": {"discovery": {}, "volume": {}, "volume.expand": {}},
    "options": {
        "type": "object",
        "properties": {"label": {"type": "string", "title": "Label", "description": "Shown as the array's name", "default": "memory"}},
        "additionalProperties": False,
    },
    "defaultPort": 443,
    "plainHttpAllowed": True,
    "maxNameLength": 31,
    "namePrefix": "m",
    "graceSeconds": 0,
    "maxConcurrentOperations": 4,
}


class Refused(Exception):
    """What the contract calls a driver error; `outcome` says how sure the driver is about what was done."""

    def __init__(self, code, message, outcome="DriverRejected", facts=None):
        super().__init__(message)
        self.failure = {"name": outcome, "code": code, "message": message, "facts": facts or {}}


def require(holds, code, message):
    if not holds:
        raise Refused(code, message)


class Array:
    """The array: it has an id of its own, two pools, and does one thing at a time."""

    pools = {"pool-1": 4096 * GIB, "pool-2": 4096 * GIB}

    def __init__(self, user, password):
        self.array_id, self.user, self.password = "memory-1", user, password
        self.volumes, self.ids, self.lock = {}, itertools.count(1), threading.Lock()

    def by_name(self, name):
        return next((volume for volume in self.volumes.values() if volume["name"] == name), None)

    def create(self, intent):
        volume = {key: intent[key] for key in ("name", "systemNativeId", "poolNativeId", "sizeBytes", "provisioningType")}
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        volume |= {"nativeId": f"volume-{next(self.ids)}", "kind": "volume", "createdAt": now, "mappings": []}
        self.volumes[volume["nativeId"]] = volume
        return volume

    def pool_pages(self):
        for native_id, total in self.pools.items():
            used = sum(volume["sizeBytes"] for volume in self.volumes.values() if volume["poolNativeId"] == native_id)
            yield {
                "nativeId": native_id, "systemNativeId": "system-1", "name": native_id, "state": "online",
                "provisioningTypes": ["thin", "thick"], "driveTypes": ["SSD"], "totalBytes": total, "freeBytes": total - used,
                "subscribedBytes": used, "minVolumeBytes": GIB, "maxVolumeBytes": 1024 * GIB, "sizeGranularityBytes": GIB,
                "unwrittenReadsZero": "yes", "compression": False, "statisticsLagSeconds": 0, "volumeCount": len(self.volumes),
            }


def check_size(size):
    fits = isinstance(size, int) and GIB <= size <= 1024 * GIB and size % GIB == 0
    require(fits, "request.invalid", f"size {size} must be a multiple of 1 GiB, at most 1 TiB")


def same(volume, wanted, keys):
    return all(volume[key] == wanted[key] for key in keys)


class Session:
    """The verbs, for the length of one request; counts what it does to the array."""

    def __init__(self, array, request):
        self.array, self.request = array, request
        self.calls = {"login": 0, "read": 0, "change": 0}

    def identity(self):
        label = self.request.get("options", {}).get("label", "memory")
        return {"arrayId": self.array.array_id, "name": label, "vendor": "Patina", "model": "Memory", "version": "1.0", "warnings": []}

    def found(self, committed):
        """The recorded volume; None when it is gone; refuses any other."""
        volume = self.array.volumes.get(committed["nativeId"])
        if volume is None:
            require(self.array.by_name(committed["expectedName"]) is None, "object.drifted", "gone, and another has its name")
            return None
        recorded = {**committed, "name": committed["expectedName"]}
        require(same(volume, recorded, ("name", "createdAt", "poolNativeId")), "object.drifted", "not the recorded volume")
        return volume

    def locate(self, identity):
        if identity["kind"] == "committed":
            volume = self.found(identity)
            require(volume is None or volume["sizeBytes"] == identity["sizeBytes"], "object.drifted", "not the recorded size")
            return volume
        volume = self.array.by_name(identity["name"])
        keys = ("poolNativeId", "sizeBytes", "provisioningType")
        is_ours = volume is None or (same(volume, identity, keys) and volume["createdAt"] >= identity["notBefore"])
        require(is_ours, "object.foreign", "somebody else's volume has this name")
        return volume

    def ensure(self, intent):
        require(re.fullmatch(r"[\x21-\x7e]{1,31}", intent["name"]), "request.invalid", "the array takes names of 1 to 31 characters")
        check_size(intent["sizeBytes"])
        require(intent["poolNativeId"] in self.array.pools, "object.missing", "there is no such pool")
        volume = self.array.by_name(intent["name"])
        if volume is not None:
            keys = ("poolNativeId", "sizeBytes", "provisioningType")
            require(same(volume, intent, keys), "object.foreign", "somebody else's volume has this name")
            return {"outcome": "found", "nativeId": volume["nativeId"], "observed": volume}
        self.calls["change"] += 1
        volume = self.array.create(intent)
        return {"outcome": "made", "nativeId": volume["nativeId"], "observed": volume}

    def remove(self, item):
        volume = self.locate(item["volume"])
        if volume is None:
            return {"outcome": "found"}
        self.calls["change"] += 1
        del self.array.volumes[volume["nativeId"]]
        return {"outcome": "made", "nativeId": volume["nativeId"]}

    def read(self, item):
        identity = item["volume"]
        is_committed = identity["kind"] == "committed"
        volume = self.array.volumes.get(identity["nativeId"]) if is_committed else self.array.by_name(identity["name"])
        return {"outcome": "found", **({} if volume is None else {"nativeId": volume["nativeId"], "observed": volume})}

    def expand(self, item):
        check_size(item["newSizeBytes"])
        volume = self.found(item["volume"])
        require(volume is not None, "object.missing", "the volume is gone")
        if volume["sizeBytes"] >= item["newSizeBytes"]:
            return {"outcome": "found", "nativeId": volume["nativeId"], "observed": volume}
        self.calls["change"] += 1
        volume["sizeBytes"] = item["newSizeBytes"]
        return {"outcome": "made", "nativeId": volume["nativeId"], "observed": volume}

    def batch(self, work):
        """Each item stands for itself: one that is refused leaves the others alone."""
        self.calls["read"] += 1
        answers = []
        for item in self.request["input"]["items"]:
            try:
                answers.append({"ref": item["ref"], "status": "done", **work(item)})
            except Refused as refused:
                answers.append({"ref": item["ref"], "status": "rejected", "error": refused.failure})
        return {"items": answers}

    def inventory(self):
        wanted = self.request["input"]
        cursor = wanted.get("cursor", "0")
        require(cursor.isdigit(), "request.invalid", "input.cursor: not one of ours")
        self.calls["read"] += 1
        page = {"systems": [], "pools": [], "ports": [], "hosts": [], "volumes": [], "complete": True}
        system = {"nativeId": "system-1", "name": "system-1", "serialNumber": "1", "firmwareVersion": "1.0", "model": "Memory", "state": "online"}
        physical = [("systems", system), *(("pools", pool) for pool in self.array.pool_pages())]
        volumes = [("volumes", volume) for volume in self.array.volumes.values()]
        objects, start = physical if wanted["scope"] == "physical" else volumes, int(cursor)
        end = start + wanted["limit"]
        for kind, found in objects[start:end]:
            page[kind].append(found)
        return page if end >= len(objects) else {**page, "complete": False, "nextCursor": str(end)}

    def answer(self, verb):
        verbs = {
            "checkConnection": self.identity,
            "identify": self.identity,
            "readInventory": self.inventory,
            "ensureVolumes": lambda: self.batch(self.ensure),
            "ensureVolumesAbsent": lambda: self.batch(self.remove),
            "readVolumes": lambda: self.batch(self.read),
            "expandVolumes": lambda: self.batch(self.expand),
        }
        return verbs[verb]()


def check(request, host, array, session):
    """Everything that can be refused before the array is asked, in the contract's order."""
    verb = request["verb"]
    contract = json.loads(SCHEMA.read_text())["verbs"]
    require(verb in contract, "request.invalid", f"there is no verb {verb}")
    capability = contract[verb]["capability"]
    if capability not in (*DESCRIPTION["capabilities"], "every driver"):
        raise Refused("capability.missing", f"there is no {capability} here", facts={"capability": capability, "verb": verb})
    is_check = verb == "checkConnection"
    require(is_check or "credentials" not in request, "request.invalid", "request.credentials: only checkConnection takes credentials")
    require(is_check or "arrayId" in request, "request.invalid", "request.arrayId: missing")
    unknown = set(request.get("options") or {}) - set(DESCRIPTION["options"]["properties"])
    require(not unknown, "request.invalid", "request.options: unknown property")
    if time.time() * 1000 >= request["deadline"]:
        raise Refused("time.exhausted", "the deadline has passed", outcome="DriverBusy")
    networks = [ipaddress.ip_network(cidr) for cidr in host["allowedCidrs"]]
    for endpoint in request["connection"]["endpoints"]:
        address = ipaddress.ip_address(endpoint["host"])
        require(any(address in network for network in networks), "address.notAllowed", "outside the networks of arrays")
    session.calls["login"] += 1
    credentials = request["credentials"] if is_check else host["credentials"]
    good = (credentials["username"], credentials["password"]) == (array.user, array.password)
    require(good, "credentials.refused", "the array refused the credentials")
    require(is_check or request["arrayId"] == array.array_id, "array.identityChanged", "another array answers")


def serve(array, request, host):
    """One request, one answer; never raises."""
    session = Session(array, request)
    try:
        version = request["contractVersion"]
        require(version == CONTRACT_VERSION, "request.invalid", f"contract version {version} is not spoken here")
        if request["verb"] == "describe":
            return {"gatewayCalls": session.calls, "output": DESCRIPTION}
        check(request, host, array, session)
        with array.lock:
            return {"gatewayCalls": session.calls, "output": session.answer(request["verb"])}
    except Refused as refused:
        return {"gatewayCalls": session.calls, "error": refused.failure}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        failure = {"name": "DriverRejected", "code": "request.invalid", "message": f"malformed: {type(error).__name__}"}
        return {"gatewayCalls": session.calls, "error": failure}


def serve_http(array):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = json.dumps(serve(array, body["request"], body["host"])).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"READY {server.server_port}", flush=True)
    sys.stdin.read()


def main():
    parser = argparse.ArgumentParser(description="A driver before an array in memory. The array's password is in ARRAY_PASSWORD.")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--http", action="store_true", help="HTTP on a loopback port, until stdin ends")
    options = parser.parse_args()
    array = Array(options.user, os.environ["ARRAY_PASSWORD"])
    if options.http:
        return serve_http(array)
    for line in sys.stdin:
        envelope = json.loads(line)
        print(json.dumps({"id": envelope["id"], "answer": serve(array, envelope["request"], envelope["host"])}), flush=True)
    return None


if __name__ == "__main__":
    main()
