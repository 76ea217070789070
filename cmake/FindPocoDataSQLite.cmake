# POCO's own package files want the development files of all that its libraries use, and are found under `Poco` only.
# Defines PocoDataSQLite_FOUND and the target Poco::DataSQLite.

find_path(POCO_INCLUDE_DIR Poco/Data/SQLite/Connector.h)
find_library(POCO_FOUNDATION_LIBRARY PocoFoundation)
find_library(POCO_DATA_LIBRARY PocoData)
find_library(POCO_DATA_SQLITE_LIBRARY PocoDataSQLite)
mark_as_advanced(POCO_INCLUDE_DIR POCO_FOUNDATION_LIBRARY POCO_DATA_LIBRARY POCO_DATA_SQLITE_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PocoDataSQLite
  REQUIRED_VARS POCO_DATA_SQLITE_LIBRARY POCO_DATA_LIBRARY POCO_FOUNDATION_LIBRARY POCO_INCLUDE_DIR)

if(PocoDataSQLite_FOUND AND NOT TARGET Poco::DataSQLite)
  add_library(Poco::DataSQLite UNKNOWN IMPORTED)
  set_target_properties(Poco::DataSQLite PROPERTIES
    IMPORTED_LOCATION "${POCO_DATA_SQLITE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${POCO_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${POCO_DATA_LIBRARY};${POCO_FOUNDATION_LIBRARY}")
endif()
