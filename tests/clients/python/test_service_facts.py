"""DescribeLimits and DescribeEndpoints."""

import pytest

from wire import call


def test_limits(client):
    answer = client.describe_limits()
    answer.pop("ResponseMetadata")
    assert answer == {"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000,
                      "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000}


def test_endpoint_is_this_server(server, client):
    assert client.describe_endpoints()["Endpoints"] == [
        {"Address": f"{server.host}:{server.port}", "CachePeriodInMinutes": 1440}]


@pytest.mark.parametrize("host", ["database.example", "database.example:8000", "[::1]:8000"])
def test_endpoint_is_the_host_of_the_request(server, host):
    answer = call(server, "DescribeEndpoints", {}, {"Host": host})
    assert answer.json["Endpoints"][0]["Address"] == host
