/**
 * What PowerShell does for the `dpapi` backend. `$lines` holds base64; the answer is base64.
 *
 * @module
 */

/** PowerShell 7 has the class in an assembly of another name, and may have loaded it already. */
const LOAD =
  `  if ($PSVersionTable.PSVersion.Major -lt 6) { Add-Type -AssemblyName System.Security }
  else { try { Add-Type -AssemblyName System.Security.Cryptography.ProtectedData } catch { } }
`;

/**
 * Makes the folder of the third line (none where it is empty), which then is its owner's alone with
 * all that is in it; encrypts the first line, under the entropy of the second, and takes it apart
 * again to be sure.
 */
export const PROTECT_SCRIPT: string = LOAD +
  `  $plain = [Convert]::FromBase64String($lines[0])
  $entropy = [Convert]::FromBase64String($lines[1])
  if ($lines[2] -ne '') {
    $path = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($lines[2]))
    $folder = [System.IO.Directory]::CreateDirectory($path)
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
    $rule = New-Object System.Security.AccessControl.FileSystemAccessRule($user, 'FullControl', 'ContainerInherit,ObjectInherit', 'None', 'Allow')
    $access = New-Object System.Security.AccessControl.DirectorySecurity
    $access.SetAccessRuleProtection($true, $false)
    $access.AddAccessRule($rule)
    if ($PSVersionTable.PSVersion.Major -lt 6) { $folder.SetAccessControl($access) }
    else { [System.IO.FileSystemAclExtensions]::SetAccessControl($folder, $access) }
  }
  $sealed = [System.Security.Cryptography.ProtectedData]::Protect($plain, $entropy, 'CurrentUser')
  $opened = [System.Security.Cryptography.ProtectedData]::Unprotect($sealed, $entropy, 'CurrentUser')
  if ([Convert]::ToBase64String($opened) -ne $lines[0]) { throw 'DPAPI gives back something else' }
  [Console]::Out.WriteLine([Convert]::ToBase64String($sealed))`;

/** Decrypts the first line, under the entropy of the second. */
export const UNPROTECT_SCRIPT: string = LOAD +
  `  $sealed = [Convert]::FromBase64String($lines[0])
  $entropy = [Convert]::FromBase64String($lines[1])
  $plain = [System.Security.Cryptography.ProtectedData]::Unprotect($sealed, $entropy, 'CurrentUser')
  [Console]::Out.WriteLine([Convert]::ToBase64String($plain))`;
