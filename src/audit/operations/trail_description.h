// A trail as the API shows it.
#pragma once

#include "audit/trail.h"
#include "catalog/arn.h"
#include "json/writer.h"

namespace millrace::audit {

// An object, as CreateTrail and UpdateTrail answer.
void write_trail_settings(json::Writer& writer, const Trail& trail);
// An object, as GetTrail and DescribeTrails show it.
void write_trail_description(json::Writer& writer, const catalog::Site& site, const Trail& trail);
// An object with the selectors that the trail has, of the one kind or the other.
void write_trail_selectors(json::Writer& writer, const Trail& trail);

}  // namespace millrace::audit
