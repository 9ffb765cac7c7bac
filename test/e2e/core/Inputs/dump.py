# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# dump.py CORE PROGRAM ARGUMENT...: runs an arm64 program by qemu, and writes its
# core to CORE as Linux on arm64 does. The one that qemu writes tells neither the
# address of a fault, nor what files are mapped, nor the thread pointer.
import array
import re
import socket
import struct
import subprocess
import sys
import time

SIGNALS = (3, 4, 5, 6, 7, 8, 11, 31)  # Those that write core files.
QEMU_BEGIN = 1 << 46
LARGE_HOLE = 1 << 20
REGISTERS = 31 * 8 + 8 + 8 + 4  # As gdb's protocol has them: ..., sp, pc, cpsr.


class Qemu:
    """A program at work under qemu's gdb server."""

    def __init__(self, command):
        self.log, path = "strace", "gdb"  # A socket's path is short.
        prefix = ["qemu-aarch64-static", "-g", path, "-strace", "-D", self.log]
        self.process = subprocess.Popen(prefix + command)
        connection = socket.socket(socket.AF_UNIX)
        for _ in range(200):
            try:
                connection.connect(path)
                break
            except OSError:
                time.sleep(0.02)
        self.stream = connection.makefile("rwb", 0)
        self.ask("qSupported:multiprocess+")
        registers = self.read("features:read:system-registers.xml")
        self.thread_pointer = re.search(rb'"TPIDR_EL0"[^>]*regnum="(\d+)"', registers)[1]
        self.auxiliary = self.read("auxv:read:")

    def send(self, text):
        packet = text.encode()
        self.stream.write(b"$%s#%02x" % (packet, sum(packet) % 256))

    def receive(self):
        while (byte := self.stream.read(1)) != b"$":
            if not byte:
                return b"X"
        text = b""
        while (byte := self.stream.read(1)) != b"#":
            text += byte
        self.stream.read(2)
        self.stream.write(b"+")
        # "}" stands before bytes that mean something else.
        return re.sub(rb"}(.)", lambda m: bytes([m[1][0] ^ 0x20]), text, flags=re.S)

    def ask(self, text):
        self.send(text)
        return self.receive()

    def read(self, what):
        text = b""
        while True:
            part = self.ask(f"qXfer:{what}:{len(text):x},400")
            text += part[1:]
            if part[:1] != b"m":
                return text

    def threads(self, first):
        """Those that there are, `first` in front; each as the number that gdb has
        for it, which ends with the kernel's."""
        found, part = [], self.ask("qfThreadInfo")
        while part[:1] == b"m":
            found += part[1:].split(b",")
            part = self.ask("qsThreadInfo")
        return [first] + [t for t in found if t != first]

    def status(self, thread):
        self.ask("Hg" + thread.decode())
        registers = bytes.fromhex(self.ask("g").decode())[:REGISTERS]
        pointer = bytes.fromhex(self.ask(f"p{int(self.thread_pointer):x}").decode())
        return int(thread.split(b".")[1], 16), registers, pointer


class Snapshot:
    """The process where a signal came to it."""

    def __init__(self, qemu, signal, thread):
        self.signal = signal
        self.pid = qemu.process.pid
        self.threads = [qemu.status(t) for t in qemu.threads(thread)]
        self.segments, self.files = [], []
        directory = f"/proc/{self.pid}"
        with open(f"{directory}/maps") as maps, open(f"{directory}/mem", "rb", 0) as self.memory, \
                open(f"{directory}/pagemap", "rb", 0) as self.pages:
            for line in maps:
                self.take(line.split(maxsplit=5))

    def take(self, mapping):
        begin, end = (int(x, 16) for x in mapping[0].split("-"))
        path = mapping[5].strip() if len(mapping) > 5 else ""
        # What is above is qemu's.
        if begin >= QEMU_BEGIN:
            return
        if path.startswith("/"):
            self.files.append((begin, end, int(mapping[2], 16), path))
        # Of what cannot have changed, Linux keeps the first page; and nothing of large
        # holes in closed memory, which are mappings of their own to it.
        kept = 4096 if path.startswith("/") and "w" not in mapping[1] else end - begin
        pages = self.touched(begin, kept)
        starts = [0]
        if mapping[1][:2] == "--":
            starts += [b for (a, _), (b, _) in zip(pages, pages[1:]) if b - a > LARGE_HOLE]
        for start, stop in zip(starts, starts[1:] + [end - begin]):
            part = [(at - start, data) for at, data in pages if start <= at < stop]
            size = part[-1][0] + 4096 if part else 0
            size = kept if len(starts) == 1 else size
            self.segments.append((begin + start, stop - start, size, part))

    def touched(self, begin, size):
        """The pages in memory; the others are holes in the core."""
        self.pages.seek(begin // 4096 * 8)
        entries = array.array("Q", self.pages.read(size // 4096 * 8))
        result = []
        for number, entry in enumerate(entries):
            if entry >> 62:
                self.memory.seek(begin + number * 4096)
                result.append((number * 4096, self.memory.read(4096)))
        return result

    def notes(self, cause, auxiliary):
        """The notes in the kernel's order."""
        result = b""

        def note(name, kind, text):
            nonlocal result
            name += b"\0"
            result += struct.pack("<III", len(name), len(text), kind)
            result += name + bytes(-len(name) % 4) + text + bytes(-len(text) % 4)

        for number, (tid, registers, pointer) in enumerate(self.threads):
            head = struct.pack("<iiihxxqqiiii", self.signal, 0, 0, self.signal, 0, 0, tid, 0, 0, 0)
            status = head + bytes(64) + registers + bytes(4) + bytes(8)
            note(b"CORE", 1, status)
            if number == 0:
                note(b"CORE", 3, struct.pack("<24xi108x", self.pid))
                note(b"CORE", 0x53494749, struct.pack("<iiixxxxQ104x", self.signal, 0, *cause))
                note(b"CORE", 6, auxiliary)
                files = struct.pack("<QQ", len(self.files), 4096)
                for begin, end, offset, _ in self.files:
                    files += struct.pack("<QQQ", begin, end, offset // 4096)
                note(b"CORE", 0x46494C45, files + b"".join(f[3].encode() + b"\0" for f in self.files))
            note(b"LINUX", 0x401, pointer)
        return result

    def write(self, path, cause, auxiliary):
        notes = self.notes(cause, auxiliary)
        count = 1 + len(self.segments)
        offset = 64 + 56 * count
        ident = b"\x7fELF\2\1\1" + bytes(9)
        with open(path, "wb") as core:
            core.write(ident + struct.pack("<HHIQQQIHHHHHH", 4, 183, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0))
            core.write(struct.pack("<IIQQQQQQ", 4, 0, offset, 0, 0, len(notes), 0, 4))
            offset += len(notes)
            for begin, size, kept, _ in self.segments:
                core.write(struct.pack("<IIQQQQQQ", 1, 6, offset, begin, 0, kept, size, 4096))
                offset += kept
            core.write(notes)
            end = core.tell()
            for _, _, kept, pages in self.segments:
                for at, data in pages:
                    core.seek(end + at)
                    core.write(data)
                end += kept
            core.truncate(end)


def cause_in(log):
    """The code and address of the last signal that qemu told."""
    with open(log, errors="replace") as file:
        last = re.findall(r"--- SIG\w+ {si_signo=\w+, si_code=([^,}]*)(?:, si_addr=([0-9a-fx]+))?", file.read())[-1]
    codes = {"SI_USER": 0, "SI_TKILL": -6, "SI_KERNEL": 128}
    return codes[last[0]] if last[0] in codes else int(last[0]), int(last[1] or "0", 16)


def main():
    core, command = sys.argv[1], sys.argv[2:]
    qemu = Qemu(command)
    snapshot, reply = None, qemu.ask("c")
    while reply[:1] == b"T":
        signal = int(reply[1:3], 16)
        if signal in SIGNALS:
            snapshot = Snapshot(qemu, signal, re.search(rb"thread:([^;]*)", reply)[1])
        reply = qemu.ask(f"C{signal:02x}")
    qemu.process.wait()
    if reply[:1] == b"X" and snapshot:
        snapshot.write(core, cause_in(qemu.log), qemu.auxiliary)


main()
