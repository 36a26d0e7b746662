"""Launches a script as `doctor diagnose` does: launch_driver.py OPTIONS RESULT SCRIPT [ARGS]...

OPTIONS is JSON for LaunchOptions; the outcome is written to the file RESULT.
"""

import json
import sys
from pathlib import Path

from doctor.capture.launcher import LaunchOptions, launch
from doctor.errors import DoctorError


def main() -> None:
    options = json.loads(sys.argv[1])
    result_path = Path(sys.argv[2])
    options["run_dir"] = Path(options["run_dir"])
    outcome = {}
    try:
        result = launch(LaunchOptions(script=sys.argv[3], argv=tuple(sys.argv[4:]), **options))
        outcome = {"status": result.status, "exit_code": result.exit_code, "signal": result.signal}
    except DoctorError as error:
        outcome = {"error": str(error), "slug": error.slug}
    except KeyboardInterrupt:
        outcome = {"left": True}
    outcome["imported_tensorflow"] = "tensorflow" in sys.modules
    result_path.write_text(json.dumps(outcome))


if __name__ == "__main__":
    main()
