"""conformance_api.cpp, served."""

import httpx

from harness import BUILD, Process, free_port


class Served(Process):
    """Settings go into its environment: HEADER_TIMEOUT=500."""

    def __init__(self, folder, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {"PORT": self.port, "HOST": "127.0.0.1", "DIRECTORY": folder, **settings}
        super().__init__([BUILD / "tests" / "conformance_api"], folder / f"conformance-{self.port}.log",
                         env={name: str(value) for name, value in environment.items()})
        self.wait_for(f"{self.url}/health")

    def counts(self):
        return httpx.get(f"{self.url}/counts", timeout=10, trust_env=False).json()

    def memory(self, what="VmRSS"):
        """Kilobytes: VmRSS now, VmHWM the most there ever were."""
        with open(f"/proc/{self.handle.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(f"{what}:"))

    def forget_peak(self):
        with open(f"/proc/{self.handle.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
