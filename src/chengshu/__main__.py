"""`python -m chengshu` is the command `chengshu`."""

from chengshu.cli.main import main

main()
