"""What a callback raises comes out of run, and a wrong option is an error with its sentence."""

import sys

from cleanplate import CleanplateError, Options, Pipeline

source, target, region = sys.argv[1:]
seen = []


def restored(frame):
    seen.append(frame)
    raise ValueError("enough")


try:
    Pipeline(Options(region=region)).run(source, target, restored=restored)
    sys.exit("nothing was raised")
except ValueError:
    pass
if len(seen) != 25:
    sys.exit(f"{len(seen)} frames came")
try:
    Options(quality=99)
    sys.exit("a quality of 99 was taken")
except CleanplateError as failure:
    if failure.name != "invalid_option" or "51" not in str(failure):
        sys.exit(f"{failure.name}: {failure}")
