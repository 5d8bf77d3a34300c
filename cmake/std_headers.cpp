// Gives the precompiled standard headers a target; every room reuses its one precompiled header (see rooms.cmake).
