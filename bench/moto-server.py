"""moto's server as a benchmark's contestant: threads and kept-alive connections as moto_server has them, the line per
request that it logs left out in its favour. Prints its port; answers each line on stdin with its CPU microseconds;
ends with its input."""

import logging
import sys
import time

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
for _ in sys.stdin:
    print(time.process_time_ns() // 1000, flush=True)
