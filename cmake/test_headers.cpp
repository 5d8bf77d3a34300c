// Gives the precompiled headers of tests a target; every test program reuses its one precompiled header (see rooms.cmake).
