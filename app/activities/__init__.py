"""Activities (活动): visits, talks, calls, meetings, fairs, and the next steps that follow from them."""
