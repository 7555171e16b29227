"""`./x bench compare`: Millrace beside other servers of DynamoDB's API, and nginx.

    python3 -m compare, with tools/ in PYTHONPATH and a release build of millrace; see options.py.
"""
