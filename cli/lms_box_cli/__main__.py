"""`python -m lms_box_cli` is `lms`."""

from lms_box_cli.main import main

if __name__ == "__main__":
    main()
